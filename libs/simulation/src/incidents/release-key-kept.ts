import { asAdministrator } from '../administration/administrators.js'
import { approveRelease, requestRelease } from '../administration/endings.js'
import type { Course } from '../engine/agenda.js'
import { DAY, HOUR, MINUTE } from '../engine/time.js'
import { targetOf } from '../doings/target.js'
import { readSecret, revokeSelf } from '../doings/tokens.js'
import { rotate } from '../lives/rotation.js'
import type { Incident } from './incident.js'
import type { Scene } from './scene.js'

export const releaseKeyKept: Incident = {
  kind: 'release-key-kept',
  title: 'A signing key was given out for a release, and is the same four days after it',
  twin: 'It was given out for a release, and got a new value two days after it',
  requirements: ['R3.8'],
  breaks: ['release-key-rotated'],
  days: 12,
  given: { rotateWithinHoursOfRelease: 72 },
  *violate(scene) {
    yield* releases(scene, false)
  },
  *comply(scene) {
    yield* releases(scene, true)
  },
}

function* releases(scene: Scene, isRotated: boolean): Course {
  const { world } = scene
  const [slot, person] = [scene.slot(), scene.person()]
  scene.involves(person)
  yield* rotate(world, [slot])
  yield scene.untilWorkday(1)
  const release = requestRelease(world, asAdministrator(person), targetOf(slot), world.now + DAY)
  yield 10 * MINUTE
  scene.cause(approveRelease(world, release))
  const { held } = yield* scene.enter(person)
  yield 5 * MINUTE
  readSecret(world, held, slot)
  revokeSelf(world, held)
  yield 3 * DAY
  if (isRotated) yield* rotate(world, [slot])
  yield DAY + HOUR
  if (!isRotated) scene.becomesTrue()
  yield DAY
}
