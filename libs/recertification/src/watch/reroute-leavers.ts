import type { Decided, Key } from '@catena/domain'
import type { LaunchedCampaign } from '../campaign/state.js'
import type { RecertificationDesk } from '../desk/desk.js'
import { commandItems, loadItems } from '../desk/items.js'
import { assign, People } from '../reviewers/assign.js'

/** Open work of whoever has left goes on to the next that the stage's rules find; the deadline stays. Nobody eligible: the item is blocked. */
export async function rerouteLeavers(desk: RecertificationDesk, state: LaunchedCampaign & { readonly stage: number }, position: number, by: Decided): Promise<void> {
  const people = new People(desk.directory, position)
  const rules = state.definition.stages[state.stage]?.reviewers ?? []
  for (const leaver of await leaversOf(desk, state.id, position, by.at)) {
    for (const id of await openItemsOf(desk, state.id, leaver)) {
      const [loaded] = await loadItems(desk, [id])
      if (loaded?.state.stage !== state.stage) continue
      const { item } = loaded
      const { reviewers } = await assign(rules, item.access, item.owner, people, by.at)
      const staying = loaded.state.reviewers.filter((key) => key !== leaver)
      const known = await people.identities(staying.length > 0 ? staying : reviewers)
      await commandItems(desk, [id], () => ({ type: 'Assign', stage: state.stage, reviewers: known, why: `${leaver} has left` }), by)
    }
  }
} // prettier-ignore

async function leaversOf(desk: RecertificationDesk, campaign: string, position: number, at: number): Promise<Key[]> {
  const { rows } = await desk.pool.query<{ reviewer: Key }>(
    `SELECT DISTINCT a.reviewer FROM decisions.campaign_population n JOIN review_assignment a USING (population) WHERE n.campaign = $1
     UNION SELECT unnest(reviewers) FROM decisions.review_item WHERE campaign = $1`,
    [campaign],
  )
  const identities = await desk.directory.identities(rows.map(({ reviewer }) => reviewer), position) // prettier-ignore
  return [...identities.values()].filter(({ leftAt }) => leftAt !== undefined && leftAt <= at).map(({ key }) => key)
}

async function openItemsOf({ pool }: Pick<RecertificationDesk, 'pool'>, campaign: string, reviewer: Key): Promise<string[]> {
  const { rows } = await pool.query<{ item: string }>(
    `SELECT replace(a.item::text, '-', '') AS item FROM decisions.campaign_population n JOIN review_assignment a USING (population)
     WHERE n.campaign = $1 AND a.reviewer = $2 AND NOT EXISTS (SELECT FROM decisions.review_item i WHERE i.item = a.item)
     UNION SELECT replace(item::text, '-', '') FROM decisions.review_item
     WHERE campaign = $1 AND $2 = ANY(reviewers) AND status IN ('assigned', 'escalated', 'drifted')`,
    [campaign, reviewer],
  )
  return rows.map(({ item }) => item)
} // prettier-ignore
