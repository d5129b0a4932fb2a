import { agentNamed, oktaTeamNamed, repositoryNamed, SECURITY, SECURITY_TOO, teamNamed, type Named } from '../administration/administrators.js' // prettier-ignore
import type { Begun } from '../administration/give.js'
import { approveAccess, except, hearAlert, hearCompensation, requestAccess, watch } from '../administration/sharing.js'
import { addCustodian, declare, takeCharge, takeOver } from '../administration/stewardship.js'
import { targetOf } from '../doings/target.js'
import type { Course } from '../engine/agenda.js'
import { DAY, SECOND } from '../engine/time.js'
import { endOf } from '../options.js'
import { storePlaces } from './agents.js'
import { agentsOf, SECRETS_SERVER } from '../organisation/agents.js'
import type { Place } from '../organisation/credentials.js'
import type { World } from '../world.js'

/** What the monitor hears of each, once a week, and how long it may be silent. */
const WEEK = 7 * DAY
const SILENCE = 8 * DAY
/** Longest time for which anything is granted. */
const QUARTER = 90 * DAY
const REVIEW = 'weekly review of who read it'

/**
 * Controls that the ordinary life of an organisation does not meet unless it is well kept: machines of a team share one role, services have accounts
 * that no person holds, jobs of both environments read the same secrets, and nobody asks before. It is known, excepted and reviewed.
 */
const EXCEPTED = [
  'identity-attribution',
  'shared-identity',
  'task-context',
  'human-use-of-workload',
  'request-approved',
  'shared-account-use',
  'environments-apart',
  'long-lived-guarded',
]

/** A well-run organisation on the first day: every credential is somebody's, watched, and what is not as it should be is excepted. */
export function* governing(world: World): Course {
  yield world.options.people * 40 + SECOND
  for (const slot of world.credentials.all) takeCharge(world, slot)
  for (const team of world.teams)
    for (const place of storePlaces(team)) {
      takeOver(world, place, team)
      declare(world, place, { purpose: `agents of ${team}`, environment: 'production' })
    }
  if (world.options.wellKept) world.agenda.start(granting(world))
  const watched = world.teams.map((team) => guard(world, team))
  for (;;) {
    yield WEEK
    for (const { alert, exception } of watched) {
      hearAlert(world, alert)
      if (exception !== undefined) hearCompensation(world, exception, REVIEW)
    }
  }
}

/** What a team has is granted to the team and to what works for it, for a quarter at a time; each grant is asked for anew before it ends. */
function* granting(world: World): Course {
  for (const team of world.teams)
    for (const credential of placesOf(world, team)) addCustodian(world, credential, oktaTeamNamed(team))
  for (;;) {
    for (const team of world.teams)
      for (const to of granteesOf(world, team)) {
        const credentials = placesOf(world, team)
        const toRole = to.key.startsWith('group:')
        approveAccess(world, SECURITY_TOO, requestAccess(world, SECURITY, { credentials, to, toRole, until: world.now + QUARTER, reason: `work of ${team}` })) // prettier-ignore
      }
    yield QUARTER - WEEK
  }
}

function granteesOf(world: World, team: string): Named[] {
  const repositories = world.repositories.filter((repository) => repository.team === team)
  return [
    teamNamed(team),
    oktaTeamNamed(team),
    ...repositories.map(repositoryNamed),
    ...[...agentsOf(team), SECRETS_SERVER].map(agentNamed),
  ]
}

function placesOf(world: World, team: string): Place[] {
  return [...world.credentials.all.filter((slot) => slot.team === team).map(targetOf), ...storePlaces(team)]
}

function guard(world: World, team: string): { readonly alert: Begun; readonly exception?: Begun } {
  const credentials = placesOf(world, team)
  const reason = `machines of ${team} share a role until each has an identity of its own`
  const alert = watch(world, credentials, `unusual readings of ${team}`, SILENCE)
  if (world.options.wellKept) return { alert }
  const exception = except(world, {
    credentials,
    controls: EXCEPTED,
    kind: 'legacy-batch',
    reason,
    until: endOf(world.options) + DAY,
    compensation: REVIEW,
    heartbeatMs: SILENCE,
  })
  return { alert, exception }
}
