import { MINUTE } from '../engine/time.js'
import { readSecret, revokeSelf } from '../doings/tokens.js'
import type { Incident } from './incident.js'

export const useAfterRevocation: Incident = {
  kind: 'use-after-revocation',
  title: 'A token is presented again after it was revoked, from elsewhere',
  twin: 'A token is used, revoked, and never seen again',
  requirements: ['R4.3', 'R3.5'],
  breaks: ['used-after-end'],
  days: 3,
  *violate(scene) {
    const [slot, person] = [scene.slot(), scene.person()]
    scene.involves(person)
    yield scene.untilWorkday(1)
    const { held } = yield* scene.enter(person)
    yield 6 * MINUTE
    readSecret(scene.world, held, slot)
    yield 3 * MINUTE
    revokeSelf(scene.world, held)
    yield 25 * MINUTE
    scene.cause(readSecret(scene.world, held, slot, { address: '203.0.113.58', agent: 'curl/8.5.0' }))
  },
  *comply(scene) {
    const [slot, person] = [scene.slot(), scene.person()]
    scene.involves(person)
    yield scene.untilWorkday(1)
    const { held } = yield* scene.enter(person)
    yield 6 * MINUTE
    scene.cause(readSecret(scene.world, held, slot))
    yield 3 * MINUTE
    revokeSelf(scene.world, held)
  },
}
