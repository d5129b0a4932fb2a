import type { Course } from '../engine/agenda.js'
import { DAY } from '../engine/time.js'
import { logInFleet } from '../doings/logins.js'
import { readSecret } from '../doings/tokens.js'
import { rotate } from '../lives/rotation.js'
import type { Slot } from '../organisation/credentials.js'
import type { Incident } from './incident.js'
import type { Scene } from './scene.js'

export const dormantCredential: Incident = {
  kind: 'dormant-credential',
  title: 'A secret that nobody has read for months is still there and valid',
  twin: 'A secret rests for forty days and is needed again',
  requirements: ['R2.1', 'R5.4'],
  breaks: ['still-used'],
  days: 105,
  given: { dormantAfterDays: 90 },
  *violate(scene) {
    const slot = scene.slot()
    yield* serves(scene, slot, 5)
    yield 91 * DAY
    scene.becomesTrue()
  },
  *comply(scene) {
    const slot = scene.slot()
    yield* serves(scene, slot, 5)
    for (let left = 2; left > 0; left--) {
      yield 40 * DAY
      yield* rotate(scene.world, [slot])
      yield* serves(scene, slot, 2)
    }
  },
}

function* serves(scene: Scene, slot: Slot, days: number): Course {
  scene.involves(`approle:${scene.team}-fleet`)
  for (let left = days; left > 0; left--) {
    yield DAY
    const held = logInFleet(scene.world, `${scene.team}-fleet`, '10.60.8.61')
    yield 5_000
    scene.cause(readSecret(scene.world, held, slot))
  }
}
