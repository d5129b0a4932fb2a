import type { Course } from '../engine/agenda.js'
import { MINUTE } from '../engine/time.js'
import { readSecret, revokeSelf } from '../doings/tokens.js'
import type { Slot } from '../organisation/credentials.js'
import type { Person } from '../organisation/people.js'
import type { Scene } from './scene.js'

/** Somebody reads it as on any day: of a credential that no record names, nothing can be judged. */
export function* readOnce(scene: Scene, slot: Slot, person: Person = scene.person()): Course {
  scene.involves(person)
  const { held } = yield* scene.enter(person)
  yield 4 * MINUTE
  readSecret(scene.world, held, slot)
  revokeSelf(scene.world, held)
  yield MINUTE
}
