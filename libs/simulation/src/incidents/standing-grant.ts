import { DAY } from '../engine/time.js'
import { bindRole } from '../doings/cluster.js'
import type { Incident } from './incident.js'

export const standingGrant: Incident = {
  kind: 'standing-grant',
  title: "A person was bound to the reading of a namespace's secrets, and nothing ended it",
  twin: 'The binding was taken back at the end of its window',
  requirements: ['R3.2', 'R3.3'],
  days: 20,
  given: { grantMaxDays: 7 },
  *violate(scene) {
    const [slot, person] = [scene.slot('kubernetes'), scene.person()]
    const [namespace = ''] = slot.path.split('/')
    scene.involves(person)
    yield scene.untilWorkday(1)
    scene.cause(bindRole(scene.world, namespace, `temporary-${person.username}`, person.email, 'create'))
  },
  *comply(scene) {
    const [slot, person] = [scene.slot('kubernetes'), scene.person()]
    const [namespace = ''] = slot.path.split('/')
    scene.involves(person)
    yield scene.untilWorkday(1)
    scene.cause(bindRole(scene.world, namespace, `temporary-${person.username}`, person.email, 'create'))
    yield 5 * DAY
    scene.cause(bindRole(scene.world, namespace, `temporary-${person.username}`, person.email, 'delete'))
  },
}
