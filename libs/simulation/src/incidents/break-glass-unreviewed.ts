import type { Course } from '../engine/agenda.js'
import { DAY, HOUR, MINUTE, stamp } from '../engine/time.js'
import { logInAccount } from '../doings/logins.js'
import { readSecret, revokeSelf } from '../doings/tokens.js'
import { rotate } from '../lives/rotation.js'
import type { Slot } from '../organisation/credentials.js'
import { BREAK_GLASS } from '../organisation/mounts.js'
import type { Incident } from './incident.js'
import type { Scene } from './scene.js'

export const breakGlassUnreviewed: Incident = {
  kind: 'break-glass-unreviewed',
  title: 'Break-glass was used, what it read was not rotated, and nobody looked at it afterwards',
  twin: 'Break-glass was used, what it read got a new value, and it was reviewed the next day',
  requirements: ['R3.4'],
  days: 10,
  given: { breakGlass: { account: `userpass:${BREAK_GLASS}`, reviewWithinDays: 3, rotateWithinHours: 24 } },
  *violate(scene) {
    yield* breaks(scene, scene.slot())
    yield 3 * DAY
    scene.tell('reviewDueAt', stamp(scene.now))
  },
  *comply(scene) {
    const slot = scene.slot()
    yield* breaks(scene, slot)
    yield 2 * HOUR
    yield* rotate(scene.world, [slot])
    yield DAY
    scene.tell('reviewedAt', stamp(scene.now))
  },
}

function* breaks(scene: Scene, slot: Slot): Course {
  scene.involves(`userpass:${BREAK_GLASS}`)
  const held = logInAccount(scene.world, BREAK_GLASS, [scene.team], '10.20.0.9')
  yield MINUTE
  scene.cause(readSecret(scene.world, held, slot))
  yield 20 * MINUTE
  revokeSelf(scene.world, held)
}
