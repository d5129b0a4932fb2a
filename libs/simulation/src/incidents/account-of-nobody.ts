import type { Course } from '../engine/agenda.js'
import { HOUR, MINUTE } from '../engine/time.js'
import { logInAccount } from '../doings/logins.js'
import { readSecret, revokeSelf } from '../doings/tokens.js'
import type { Held } from '../oracle/held.js'
import type { Slot } from '../organisation/credentials.js'
import type { Incident } from './incident.js'
import type { Scene } from './scene.js'

export const accountOfNobody: Incident = {
  kind: 'account-of-nobody',
  title: "A secret was read by an account of the vault's own, behind which nobody is known",
  twin: 'It was read by a person who signed in',
  requirements: ['R1.3'],
  breaks: ['identity-attribution'],
  days: 3,
  *violate(scene) {
    const slot = scene.slot()
    const account = `tmp-${scene.team}`
    scene.involves(`userpass:${account}`)
    yield scene.untilWorkday(1)
    yield* reads(scene, logInAccount(scene.world, account, [scene.team], '10.20.3.91'), slot)
  },
  *comply(scene) {
    const [slot, person] = [scene.slot(), scene.person()]
    scene.involves(person)
    yield scene.untilWorkday(1)
    yield* reads(scene, (yield* scene.enter(person)).held, slot)
  },
}

function* reads(scene: Scene, held: Held, slot: Slot): Course {
  const { world } = scene
  for (let left = 2; left > 0; left--) {
    yield HOUR
    scene.cause(readSecret(world, held, slot))
  }
  yield MINUTE
  revokeSelf(world, held)
}
