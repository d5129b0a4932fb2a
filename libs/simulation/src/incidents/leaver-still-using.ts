import { DAY, HOUR, MINUTE } from '../engine/time.js'
import { disable, quit } from '../doings/staff.js'
import { readSecret, revokeSelf } from '../doings/tokens.js'
import { rotate } from '../lives/rotation.js'
import type { Incident } from './incident.js'

export const leaverStillUsing: Incident = {
  kind: 'leaver-still-using',
  title: 'A token of somebody who has left is used after the account was locked',
  twin: 'Somebody uses a token until the last hour, gives it back, and leaves; the secret gets a new value',
  requirements: ['R4.1', 'R4.2'],
  breaks: ['access-fit', 'leaver-revoked'],
  days: 7,
  *violate(scene) {
    const [slot, person] = [scene.slot(), scene.person()]
    scene.involves(person)
    yield scene.untilWorkday(2)
    const { held } = yield* scene.enter(person)
    yield 10 * MINUTE
    readSecret(scene.world, held, slot)
    yield HOUR
    scene.cause(disable(scene.world, person))
    quit(scene.world, person, person.team)
    yield 70 * MINUTE
    scene.cause(readSecret(scene.world, held, slot))
    scene.becomesTrue()
  },
  *comply(scene) {
    const [slot, person] = [scene.slot(), scene.person()]
    scene.involves(person)
    yield scene.untilWorkday(2)
    const { held } = yield* scene.enter(person)
    yield 70 * MINUTE
    scene.cause(readSecret(scene.world, held, slot))
    revokeSelf(scene.world, held)
    yield 10 * MINUTE
    scene.cause(disable(scene.world, person))
    quit(scene.world, person, person.team)
    yield 2 * HOUR
    yield* rotate(scene.world, [slot])
    yield 2 * DAY
  },
}
