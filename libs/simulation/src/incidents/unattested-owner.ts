import { asAdministrator, personNamed } from '../administration/administrators.js'
import { assignOwner, attest } from '../administration/stewardship.js'
import type { Course } from '../engine/agenda.js'
import { DAY, MINUTE } from '../engine/time.js'
import { targetOf } from '../doings/target.js'
import type { Incident } from './incident.js'
import { readOnce } from './read-once.js'
import type { Scene } from './scene.js'

export const unattestedOwner: Incident = {
  kind: 'unattested-owner',
  title: 'A secret was given to a new owner, who never said that it is theirs',
  twin: 'The new owner said so within the hour',
  requirements: ['R2.2'],
  breaks: ['owner-attested'],
  days: 5,
  *violate(scene) {
    yield* changesHands(scene, false)
  },
  *comply(scene) {
    yield* changesHands(scene, true)
  },
}

function* changesHands(scene: Scene, isAttested: boolean): Course {
  const [slot, owner] = [scene.slot(), scene.person()]
  const place = targetOf(slot)
  scene.involves(owner)
  yield scene.untilWorkday(1)
  yield* readOnce(scene, slot, owner)
  const assigned = assignOwner(scene.world, place, personNamed(owner))
  if (!isAttested) scene.cause(assigned)
  yield 40 * MINUTE
  if (isAttested) scene.cause(attest(scene.world, place, asAdministrator(owner, 'credential-owner')))
  yield 2 * DAY
}
