import { asAdministrator, personNamed } from '../administration/administrators.js'
import { breakGlass, closeGlass, planBreakGlass, reviewGlass } from '../administration/emergencies.js'
import type { Begun } from '../administration/give.js'
import { DAY, HOUR, MINUTE } from '../engine/time.js'
import { logInAccount } from '../doings/logins.js'
import { targetOf } from '../doings/target.js'
import { readSecret, revokeSelf } from '../doings/tokens.js'
import { rotate } from '../lives/rotation.js'
import type { Slot } from '../organisation/credentials.js'
import { BREAK_GLASS } from '../organisation/mounts.js'
import type { Person } from '../organisation/people.js'
import type { Incident } from './incident.js'
import type { Scene } from './scene.js'

export const breakGlassUnreviewed: Incident = {
  kind: 'break-glass-unreviewed',
  title: 'Emergency access was used, closed and rotated, and nobody reviewed it',
  twin: 'Emergency access was used, closed, rotated and reviewed within its deadlines',
  requirements: ['R3.4'],
  breaks: ['break-glass-closed'],
  days: 12,
  given: { reviewWithinHours: 72, rotateWithinHours: 24 },
  *violate(scene) {
    yield* breaks(scene)
    yield 3 * DAY
    scene.becomesTrue()
    yield 3 * DAY
  },
  *comply(scene) {
    const { slot, reviewer, broken } = yield* breaks(scene)
    yield DAY
    scene.cause(reviewGlass(scene.world, asAdministrator(reviewer, 'security-engineer'), targetOf(slot), broken))
    yield 3 * DAY
    scene.becomesTrue()
    yield 2 * DAY
  },
}

interface Broken {
  readonly slot: Slot
  readonly reviewer: Person
  readonly broken: Begun
}

/** Planned beforehand; somebody activates it, reads, closes, and the secret gets a new value. */
function* breaks(scene: Scene): Generator<number, Broken> {
  const { world } = scene
  const [slot, operator, reviewer] = [scene.slot(), scene.person(), scene.person()]
  const place = targetOf(slot)
  scene.involves(operator, reviewer, `userpass:${BREAK_GLASS}`)
  planBreakGlass(world, place, { mayActivate: [personNamed(operator)], reviewer: personNamed(reviewer), closeWithinMs: 4 * HOUR, reviewWithinMs: 3 * DAY }) // prettier-ignore
  yield scene.untilWorkday(1)
  const broken = breakGlass(world, asAdministrator(operator), place, 'the identity provider is away')
  scene.cause(broken)
  const held = logInAccount(world, BREAK_GLASS, [scene.team], '10.20.0.9')
  yield MINUTE
  readSecret(world, held, slot)
  yield 20 * MINUTE
  revokeSelf(world, held)
  scene.cause(closeGlass(world, asAdministrator(operator), place, broken))
  yield 2 * HOUR
  yield* rotate(world, [slot])
  return { slot, reviewer, broken }
}
