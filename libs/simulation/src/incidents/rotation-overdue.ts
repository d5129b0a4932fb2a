import type { Course } from '../engine/agenda.js'
import { DAY } from '../engine/time.js'
import { logInFleet } from '../doings/logins.js'
import { readSecret } from '../doings/tokens.js'
import { rotate } from '../lives/rotation.js'
import type { Slot } from '../organisation/credentials.js'
import type { Incident } from './incident.js'
import type { Scene } from './scene.js'

export const rotationOverdue: Incident = {
  kind: 'rotation-overdue',
  title: 'A secret in daily use has had the same value for longer than the rule allows',
  twin: 'A secret in daily use gets a new value ten days before it must',
  requirements: ['R2.1', 'R6.6'],
  breaks: ['rotation-age'],
  days: 112,
  given: { rotationMaxDays: 90 },
  *violate(scene) {
    const slot = scene.slot()
    const [written] = yield* rotate(scene.world, [slot])
    yield* serves(scene, slot, 91)
    if (written !== undefined) scene.cause(written)
    yield* serves(scene, slot, 15, true)
  },
  *comply(scene) {
    const slot = scene.slot()
    yield* rotate(scene.world, [slot])
    yield* serves(scene, slot, 80)
    for (const written of yield* rotate(scene.world, [slot])) scene.cause(written)
    yield* serves(scene, slot, 26)
  },
}

function* serves(scene: Scene, slot: Slot, days: number, isCause = false): Course {
  scene.involves(`approle:${scene.team}-fleet`)
  for (let left = days; left > 0; left--) {
    yield DAY
    const held = logInFleet(scene.world, `${scene.team}-fleet`, '10.60.8.31')
    yield 5_000
    const noted = readSecret(scene.world, held, slot)
    if (isCause) scene.cause(noted)
  }
}
