import { takeCharge } from '../administration/stewardship.js'
import type { Course } from '../engine/agenda.js'
import { DAY } from '../engine/time.js'
import { logInFleet } from '../doings/logins.js'
import { readSecret } from '../doings/tokens.js'
import type { Slot } from '../organisation/credentials.js'
import type { Incident } from './incident.js'
import type { Scene } from './scene.js'

export const visibleNotGoverned: Incident = {
  kind: 'visible-not-governed',
  title: 'A secret lies in the vault and is read daily, and nobody ever said whose it is and what it is for',
  twin: 'A secret that lies beside it is read daily, and is described',
  requirements: ['R5.3', 'R2.2'],
  breaks: ['governed-not-only-visible', 'owner-accountable'],
  days: 6,
  *violate(scene) {
    yield* serves(scene, scene.neglected())
  },
  *comply(scene) {
    const slot = scene.neglected()
    takeCharge(scene.world, slot)
    yield* serves(scene, slot)
  },
}

function* serves(scene: Scene, slot: Slot): Course {
  scene.involves(`approle:${scene.team}-fleet`)
  for (let left = 4; left > 0; left--) {
    yield DAY
    const held = logInFleet(scene.world, `${scene.team}-fleet`, '10.60.8.71')
    yield 5_000
    readSecret(scene.world, held, slot)
    scene.becomesTrue()
  }
}
