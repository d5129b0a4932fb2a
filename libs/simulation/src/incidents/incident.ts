import type { Course } from '../engine/agenda.js'
import type { Described } from './described.js'
import type { Scene } from './scene.js'

/** One way in which the sharing of a credential goes wrong, and something legitimate that nearly looks the same. */
export interface Incident extends Described {
  readonly violate: (scene: Scene) => Course
  readonly comply: (scene: Scene) => Course
}
