import { repositoryNamed, SECURITY, SECURITY_TOO, teamNamed, type Named } from '../administration/administrators.js'
import { approveAccess, requestAccess } from '../administration/sharing.js'
import { DAY, HOUR, MINUTE } from '../engine/time.js'
import { join, quit } from '../doings/staff.js'
import { targetOf } from '../doings/target.js'
import { readSecret, revokeSelf } from '../doings/tokens.js'
import type { Slot } from '../organisation/credentials.js'
import type { Person } from '../organisation/people.js'
import type { Noted } from '../records/journal.js'
import { deploy } from './deployment.js'
import type { Incident } from './incident.js'
import type { Scene } from './scene.js'

export const leftTheTeam: Incident = {
  kind: 'left-the-team',
  title: 'A secret that is granted to a team was read by somebody who had left the team',
  twin: 'Somebody of the team read it, and left the team afterwards',
  requirements: ['R3.3', 'R5.8', 'R1.10'],
  breaks: ['shared-account-use', 'request-approved', 'human-use-of-workload'],
  days: 8,
  *violate(scene) {
    const [slot, person] = yield* shared(scene)
    yield* leaves(scene, person)
    yield scene.untilWorkday(1)
    scene.cause(yield* reads(scene, person, slot))
  },
  *comply(scene) {
    const [slot, person] = yield* shared(scene)
    scene.cause(yield* reads(scene, person, slot))
    yield HOUR
    yield* leaves(scene, person)
    yield DAY
  },
}

/** Granted to the team, and to the pipeline that uses it too. */
function* shared(scene: Scene): Generator<number, readonly [Slot, Person]> {
  const { world, team } = scene
  const [slot, person, colleague, approver] = [scene.slot(), scene.person(), scene.person(), scene.person()]
  const repository = scene.repository()
  scene.involves(person)
  yield scene.untilWorkday(1)
  yield* grant(scene, slot, teamNamed(team))
  yield* grant(scene, slot, repositoryNamed(repository))
  yield* reads(scene, colleague, slot)
  yield* deploy(scene, { repository, by: colleague, slot, environment: 'production', approver })
  yield scene.untilWorkday(1, world.chance.between(9, 15))
  return [slot, person]
}

function* grant({ world }: Scene, slot: Slot, to: Named): Generator<number, void> {
  const toRole = to.key.startsWith('group:')
  const asked = requestAccess(world, SECURITY, { credentials: [targetOf(slot)], to, toRole, until: world.now + 30 * DAY, reason: 'releases' }) // prettier-ignore
  yield 10 * MINUTE
  approveAccess(world, SECURITY_TOO, asked)
  yield MINUTE
}

function* reads(scene: Scene, person: Person, slot: Slot): Generator<number, Noted> {
  const { held } = yield* scene.enter(person)
  yield 4 * MINUTE
  const read = readSecret(scene.world, held, slot)
  revokeSelf(scene.world, held)
  return read
}

function* leaves({ world }: Scene, person: Person): Generator<number, void> {
  quit(world, person, person.team)
  yield MINUTE
  person.team = world.teams.find((team) => team !== person.team) ?? person.team
  join(world, person, person.team)
}
