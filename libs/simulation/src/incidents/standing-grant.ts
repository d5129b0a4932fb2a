import { asAdministrator, personNamed, SECURITY } from '../administration/administrators.js'
import { approveAccess, requestAccess, revokeGrant, type Access } from '../administration/sharing.js'
import { DAY, MINUTE } from '../engine/time.js'
import { targetOf } from '../doings/target.js'
import { readSecret, revokeSelf } from '../doings/tokens.js'
import type { Begun } from '../administration/give.js'
import type { Incident } from './incident.js'
import type { Scene } from './scene.js'

export const standingGrant: Incident = {
  kind: 'standing-grant',
  title: 'A person was granted a secret, and the grant has no end',
  twin: 'The grant has a window, and was taken back before it was over',
  requirements: ['R3.2'],
  breaks: ['grant-ends'],
  days: 20,
  *violate(scene) {
    yield* grants(scene)
  },
  *comply(scene) {
    const granted = yield* grants(scene, { until: scene.now + 12 * DAY })
    yield 5 * DAY
    scene.cause(revokeGrant(scene.world, granted, 'the work is done'))
  },
}

function* grants(scene: Scene, window: Pick<Access, 'until'> = {}): Generator<number, Begun> {
  const { world } = scene
  const [slot, person] = [scene.slot(), scene.person()]
  scene.involves(person)
  yield scene.untilWorkday(1)
  const access = { credentials: [targetOf(slot)], to: personNamed(person), reason: 'a month of refunds', ...window }
  const asked = requestAccess(world, asAdministrator(person), access)
  yield 20 * MINUTE
  scene.cause(approveAccess(world, SECURITY, asked))
  const { held } = yield* scene.enter(person)
  readSecret(world, held, slot)
  revokeSelf(world, held)
  scene.becomesTrue()
  return asked
}
