import { HOUR, MINUTE } from '../engine/time.js'
import { logInAccount } from '../doings/logins.js'
import { readSecret, revokeSelf } from '../doings/tokens.js'
import { SHARED_OPERATOR } from '../organisation/mounts.js'
import type { Incident } from './incident.js'

export const sharedIdentityAccess: Incident = {
  kind: 'shared-identity-access',
  title: 'A secret was read by an account that many know the password of: who it was, nobody can tell',
  twin: 'A member of the team read it by an own login',
  requirements: ['R1.3', 'R5.8'],
  breaks: ['shared-identity', 'shared-account-use', 'task-context'],
  days: 2,
  *violate(scene) {
    const slot = scene.slot()
    scene.involves(`userpass:${SHARED_OPERATOR}`)
    const held = logInAccount(scene.world, SHARED_OPERATOR, [scene.team], '10.20.3.77')
    yield 4 * MINUTE
    scene.cause(readSecret(scene.world, held, slot))
    yield HOUR
    scene.cause(readSecret(scene.world, held, slot))
    revokeSelf(scene.world, held)
  },
  *comply(scene) {
    const [slot, person] = [scene.slot(), scene.person()]
    scene.involves(person)
    yield scene.untilWorkday(1)
    const { held } = yield* scene.enter(person)
    yield 4 * MINUTE
    scene.cause(readSecret(scene.world, held, slot))
    revokeSelf(scene.world, held)
  },
}
