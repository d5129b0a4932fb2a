import type { Decided } from '@catena/domain'
import { loadCampaign } from '../desk/campaigns.js'
import type { RecertificationDesk } from '../desk/desk.js'
import { isWatched, proceed } from '../timers/advance-campaign.js'
import { watchCampaigns } from '../watch/watch-population.js'

/** What a turn of the timer does with one campaign: it is told what became known, and goes one step on. */
export async function advanceCampaign(desk: RecertificationDesk, id: string, by: Decided): Promise<void> {
  const state = await loadCampaign(desk, id)
  const failures = await watchCampaigns(desk, [state].filter(isWatched), by)
  for (const failure of failures.values()) throw failure
  await proceed(desk, state, by)
}
