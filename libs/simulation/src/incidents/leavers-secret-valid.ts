import { DAY, HOUR, MINUTE } from '../engine/time.js'
import { logInFleet } from '../doings/logins.js'
import { disable, quit } from '../doings/staff.js'
import { readSecret, revokeSelf } from '../doings/tokens.js'
import { rotate } from '../lives/rotation.js'
import type { Incident } from './incident.js'
import type { Scene } from './scene.js'
import type { Slot } from '../organisation/credentials.js'
import type { Course } from '../engine/agenda.js'

export const leaversSecretValid: Incident = {
  kind: 'leavers-secret-valid',
  title: 'Somebody who knows a shared secret leaves, and it stays as it is for weeks',
  twin: 'Somebody who knows it leaves, and it gets a new value the same day',
  requirements: ['R4.2', 'R4.1'],
  breaks: ['leaver-revoked'],
  days: 25,
  given: { rotateWithinHoursOfLeaving: 24 },
  *violate(scene) {
    const slot = scene.slot()
    yield* leaves(scene, slot)
    yield DAY
    scene.becomesTrue()
    yield* serves(scene, slot)
  },
  *comply(scene) {
    const slot = scene.slot()
    yield* leaves(scene, slot)
    yield 2 * HOUR
    yield* rotate(scene.world, [slot])
    yield* serves(scene, slot)
  },
}

function* leaves(scene: Scene, slot: Slot): Course {
  const person = scene.person()
  scene.involves(person)
  yield scene.untilWorkday(2)
  const { held } = yield* scene.enter(person)
  yield 10 * MINUTE
  scene.cause(readSecret(scene.world, held, slot))
  revokeSelf(scene.world, held)
  yield HOUR
  scene.cause(disable(scene.world, person))
  quit(scene.world, person, person.team)
}

/** A machine goes on using it. */
function* serves(scene: Scene, slot: Slot): Course {
  for (let left = 16; left > 0; left--) {
    yield DAY
    const held = logInFleet(scene.world, `${scene.team}-fleet`, '10.60.8.30')
    yield 5_000
    readSecret(scene.world, held, slot)
  }
}
