import { except, hearCompensation } from '../administration/sharing.js'
import type { Course } from '../engine/agenda.js'
import { DAY, HOUR } from '../engine/time.js'
import { targetOf } from '../doings/target.js'
import type { Incident } from './incident.js'
import { readOnce } from './read-once.js'
import type { Scene } from './scene.js'

const REVIEW = 'daily review of who logged in'

export const compensationSilent: Incident = {
  kind: 'compensation-silent',
  title: 'A portal of a vendor is excepted, and the daily review that makes up for it is not heard of any more',
  twin: 'The portal is excepted, and the review is heard of every day',
  requirements: ['R3.7'],
  breaks: ['exception-sound'],
  days: 9,
  *violate(scene) {
    yield* excepted(scene, 3)
    scene.becomesTrue()
    yield DAY
  },
  *comply(scene) {
    yield* excepted(scene, 6)
  },
}

function* excepted(scene: Scene, heardDays: number): Course {
  const { world } = scene
  const slot = scene.slot()
  yield scene.untilWorkday(1)
  yield* readOnce(scene, slot)
  const exception = except(world, {
    credentials: [targetOf(slot)],
    controls: ['shared-identity', 'shared-account-use'],
    kind: 'vendor-portal',
    reason: 'the portal has one login',
    until: world.now + 90 * DAY,
    compensation: REVIEW,
    heartbeatMs: 26 * HOUR,
  })
  scene.cause(exception)
  for (let day = 1; day <= 6; day++) {
    yield DAY
    if (day <= heardDays) hearCompensation(world, exception, REVIEW)
  }
}
