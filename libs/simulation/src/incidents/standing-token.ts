import { DAY, MINUTE } from '../engine/time.js'
import { makeChild, readSecret, revokeSelf } from '../doings/tokens.js'
import type { Incident } from './incident.js'

export const standingToken: Incident = {
  kind: 'standing-token',
  title: 'A token without an end was made and is used for weeks',
  twin: 'A token of half an hour was made, used, and is gone',
  requirements: ['R3.2'],
  days: 30,
  *violate(scene) {
    const [slot, person] = [scene.slot(), scene.person()]
    scene.involves(person)
    yield scene.untilWorkday(1)
    const { held } = yield* scene.enter(person)
    yield MINUTE
    const child = makeChild(scene.world, held, [scene.team], 0)
    scene.cause(child.made)
    for (let left = 20; left > 0; left--) {
      yield DAY
      scene.cause(readSecret(scene.world, child, slot, { address: '10.60.8.40', agent: 'importer/2.0' }))
    }
  },
  *comply(scene) {
    const [slot, person] = [scene.slot(), scene.person()]
    scene.involves(person)
    yield scene.untilWorkday(1)
    const { held } = yield* scene.enter(person)
    yield MINUTE
    const child = makeChild(scene.world, held, [scene.team], 1_800)
    scene.cause(child.made)
    yield 10 * MINUTE
    scene.cause(readSecret(scene.world, child, slot))
    yield MINUTE
    revokeSelf(scene.world, child)
  },
}
