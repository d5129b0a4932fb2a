import type { Course } from '../engine/agenda.js'
import { DAY, HOUR, MINUTE } from '../engine/time.js'
import { deleteSecret, readSecret, revokeSelf } from '../doings/tokens.js'
import { rotate } from '../lives/rotation.js'
import type { Incident } from './incident.js'
import type { Scene } from './scene.js'

export const readAfterDeletion: Incident = {
  kind: 'read-after-deletion',
  title: 'The newest version of a secret was deleted, and the one before is still read',
  twin: 'The secret was deleted, and is not read any more',
  requirements: ['R4.3'],
  breaks: ['revocation-silent'],
  days: 14,
  *violate(scene) {
    yield* deletes(scene, true)
  },
  *comply(scene) {
    yield* deletes(scene, false)
  },
}

function* deletes(scene: Scene, isReadOn: boolean): Course {
  const { world } = scene
  const [slot, person] = [scene.slot(), scene.person()]
  scene.involves(person)
  const before = { ...slot }
  yield* rotate(world, [slot])
  yield scene.untilWorkday(1)
  const { held } = yield* scene.enter(person)
  yield 5 * MINUTE
  const read = readSecret(world, held, slot)
  yield MINUTE
  const deleted = deleteSecret(world, held, slot)
  if (!isReadOn) [read, deleted].forEach((noted) => scene.cause(noted))
  yield HOUR
  if (isReadOn) scene.cause(readSecret(world, held, before))
  revokeSelf(world, held)
  yield 8 * DAY
}
