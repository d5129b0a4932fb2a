import type { Instant } from '@catena/domain'
import type { CampaignState } from '../campaign/state.js'
import type { RecertificationDesk } from '../desk/desk.js'
import { followOutcomes } from '../overlap/follow-outcomes.js'
import { watchCampaigns } from '../watch/watch-population.js'
import { watchSealed } from '../watch/watch-sealed.js'
import { isWatched, proceed } from './advance-campaign.js'
import { scheduleDue } from './schedule-campaigns.js'

/** Who decides what the clock decides. */
export const TIMER = 'timer:recertification'

const RUNNING = ['scheduled', 'populating', 'ready', 'active', 'paused', 'closing', 'remediating', 'verifying']

/** Everything that is due now. Ask as often as you like; schedules and campaigns that fail do not hold up others, and the first error is thrown at the end. */
export async function tick(desk: RecertificationDesk, now: Instant): Promise<void> {
  const by = { actor: TIMER, at: now }
  const failures: unknown[] = []
  await scheduleDue(desk, by).catch((error: unknown) => failures.push(error))
  const { rows } = await desk.pool.query<{ state: CampaignState }>(
    'SELECT state FROM decisions.campaign WHERE status = ANY($1) ORDER BY scheduled_for, id',
    [RUNNING],
  )
  const states = rows.map(({ state }) => state)
  const unwatched = await watchCampaigns(desk, states.filter(isWatched), by)
  failures.push(...unwatched.values())
  const on = states.filter((state) => state.status === 'draft' || !unwatched.has(state.id))
  for (const state of on) await proceed(desk, state, by).catch((error: unknown) => failures.push(error))
  await watchSealed(desk, by).catch((error: unknown) => failures.push(error))
  await followOutcomes(desk, by).catch((error: unknown) => failures.push(error))
  if (failures.length > 0) throw failures[0]
}
