import { asAdministrator, personNamed } from '../administration/administrators.js'
import { assignOwner, attest } from '../administration/stewardship.js'
import type { Course } from '../engine/agenda.js'
import { DAY, HOUR } from '../engine/time.js'
import { disable, quit } from '../doings/staff.js'
import { targetOf } from '../doings/target.js'
import type { Slot } from '../organisation/credentials.js'
import type { Person } from '../organisation/people.js'
import type { Noted } from '../records/journal.js'
import type { Incident } from './incident.js'
import { readOnce } from './read-once.js'
import type { Scene } from './scene.js'

export const ownerLeft: Incident = {
  kind: 'owner-left',
  title: 'The one person who answers for a secret has left, and nobody took it over',
  twin: 'The person handed it over to a colleague on the last day',
  requirements: ['R2.2'],
  breaks: ['owner-accountable'],
  days: 6,
  *violate(scene) {
    yield* leaves(scene, false)
  },
  *comply(scene) {
    yield* leaves(scene, true)
  },
}

function* leaves(scene: Scene, isHandedOver: boolean): Course {
  const [slot, owner, heir] = [scene.slot(), scene.person(), scene.person()]
  scene.involves(owner, ...(isHandedOver ? [heir] : []))
  takes(scene, slot, owner)
  yield scene.untilWorkday(2)
  yield* readOnce(scene, slot, owner)
  if (isHandedOver) scene.cause(takes(scene, slot, heir))
  yield HOUR
  scene.cause(disable(scene.world, owner))
  quit(scene.world, owner, owner.team)
  yield DAY
}

function takes({ world }: Scene, slot: Slot, person: Person): Noted {
  const assigned = assignOwner(world, targetOf(slot), personNamed(person))
  attest(world, targetOf(slot), asAdministrator(person, 'credential-owner'))
  return assigned
}
