import { asAdministrator, personNamed, SECURITY, teamNamed, type Named } from '../administration/administrators.js'
import { approveAccess, requestAccess } from '../administration/sharing.js'
import type { Course } from '../engine/agenda.js'
import { DAY, MINUTE } from '../engine/time.js'
import { targetOf } from '../doings/target.js'
import type { Person } from '../organisation/people.js'
import type { Incident } from './incident.js'
import { readOnce } from './read-once.js'
import type { Scene } from './scene.js'

export const grantedOneByOne: Incident = {
  kind: 'granted-one-by-one',
  title: 'A secret was granted to three people of a team, to each by name',
  twin: 'It was granted to the team that they are in',
  requirements: ['R3.3'],
  breaks: ['role-based'],
  days: 4,
  *violate(scene) {
    const people = [scene.person(), scene.person(), scene.person()]
    scene.involves(...people)
    yield* granted(scene, people[0] as Person, people.map(personNamed))
  },
  *comply(scene) {
    const person = scene.person()
    scene.involves(person)
    yield* granted(scene, person, [teamNamed(person.team)])
  },
}

function* granted(scene: Scene, by: Person, all: readonly Named[]): Course {
  const { world } = scene
  const slot = scene.slot()
  const credentials = [targetOf(slot)]
  yield scene.untilWorkday(1)
  for (const to of all) {
    yield MINUTE
    const asked = requestAccess(world, asAdministrator(by), { credentials, to, toRole: to.key.startsWith('group:'), until: world.now + 30 * DAY, reason: 'refunds' }) // prettier-ignore
    yield 20 * MINUTE
    const approved = approveAccess(world, SECURITY, asked)
    scene.cause(approved)
  }
  yield* readOnce(scene, slot, by)
  scene.becomesTrue()
  yield DAY
}
