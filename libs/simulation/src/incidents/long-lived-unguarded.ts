import { declare } from '../administration/stewardship.js'
import type { Course } from '../engine/agenda.js'
import { DAY } from '../engine/time.js'
import { logInFleet } from '../doings/logins.js'
import { targetOf } from '../doings/target.js'
import { readSecret } from '../doings/tokens.js'
import { rotate } from '../lives/rotation.js'
import type { Incident } from './incident.js'
import type { Scene } from './scene.js'

export const longLivedUnguarded: Incident = {
  kind: 'long-lived-unguarded',
  title: 'A secret that machines share has been the same for more than a month, and no alert watches it',
  twin: 'It gets a new value every four weeks',
  requirements: ['R5.4', 'R5.11'],
  breaks: ['long-lived-guarded'],
  days: 42,
  given: { longLivedDays: 30 },
  *violate(scene) {
    yield* shared(scene, 40)
    scene.becomesTrue()
  },
  *comply(scene) {
    yield* shared(scene, 28)
    scene.becomesTrue()
  },
}

function* shared(scene: Scene, rotationDays: number): Course {
  const { world, team } = scene
  const slot = scene.slot()
  scene.involves(`approle:${team}-fleet`)
  declare(world, targetOf(slot), { shared: true })
  for (let day = 0; day < 38; day++) {
    if (day % rotationDays === 0) yield* rotate(world, [slot])
    yield DAY
    const held = logInFleet(world, `${team}-fleet`, '10.60.8.81')
    yield 5_000
    readSecret(world, held, slot)
  }
}
