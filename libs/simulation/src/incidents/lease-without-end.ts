import type { Course } from '../engine/agenda.js'
import { DAY, MINUTE } from '../engine/time.js'
import { issueLease } from '../doings/tokens.js'
import { endLease } from '../doings/vault.js'
import type { Incident } from './incident.js'
import type { Scene } from './scene.js'

export const leaseWithoutEnd: Incident = {
  kind: 'lease-without-end',
  title: 'An account of a database was issued eight days ago, and no record shows that it ended',
  twin: 'The account ended after ten minutes',
  requirements: ['R3.2'],
  breaks: ['issuance-limited'],
  days: 12,
  given: { leaseMaxDays: 7 },
  *violate(scene) {
    yield* works(scene, false)
    scene.becomesTrue()
    yield DAY
  },
  *comply(scene) {
    yield* works(scene, true)
  },
}

function* works(scene: Scene, hasEnd: boolean): Course {
  const [slot, person] = [scene.slot('database'), scene.person()]
  scene.involves(person)
  yield scene.untilWorkday(1)
  const { held } = yield* scene.enter(person)
  yield MINUTE
  const lease = issueLease(scene.world, held, slot)
  scene.cause(lease)
  yield 10 * MINUTE
  if (hasEnd) endLease(scene.world, lease.id)
  yield 8 * DAY
}
