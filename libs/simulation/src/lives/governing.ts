import { except, hearAlert, hearCompensation, watch } from '../administration/sharing.js'
import { declare, takeCharge, takeOver } from '../administration/stewardship.js'
import { targetOf } from '../doings/target.js'
import type { Course } from '../engine/agenda.js'
import { DAY, SECOND } from '../engine/time.js'
import { endOf } from '../options.js'
import { storePlaces } from './agents.js'
import type { World } from '../world.js'

/** What the monitor hears of each, once a week, and how long it may be silent. */
const WEEK = 7 * DAY
const SILENCE = 8 * DAY
const REVIEW = 'weekly review of who read it'

/**
 * Controls that the ordinary life here does not meet: machines of a team share one role, services have accounts that no person holds. It is known,
 * excepted and reviewed.
 */
const EXCEPTED = ['identity-attribution', 'shared-identity', 'task-context']

/** What even a well-kept one does not do: people read what jobs read, nobody asks before, and jobs of both environments read the same secrets. */
const EXCEPTED_ALWAYS = [
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
  const watched = world.teams.map((team) => guard(world, team))
  for (;;) {
    yield WEEK
    for (const { alert, exception } of watched) {
      hearAlert(world, alert)
      hearCompensation(world, exception, REVIEW)
    }
  }
}

function guard(world: World, team: string) {
  const slots = world.credentials.all.filter((slot) => slot.team === team).map(targetOf)
  const credentials = [...slots, ...storePlaces(team)]
  const reason = `machines of ${team} share a role until each has an identity of its own`
  const alert = watch(world, credentials, `unusual readings of ${team}`, SILENCE)
  const exception = except(world, {
    credentials,
    controls: world.options.wellKept ? EXCEPTED_ALWAYS : [...EXCEPTED, ...EXCEPTED_ALWAYS],
    kind: 'legacy-batch',
    reason,
    until: endOf(world.options) + DAY,
    compensation: REVIEW,
    heartbeatMs: SILENCE,
  })
  return { alert, exception }
}
