import type { Instant, Key } from '@catena/domain'
import type pg from 'pg'
import { campaignName, dueAtOf, type CampaignState } from '../campaign/state.js'
import { frozenState } from '../item/context.js'
import { NEXT_STAGE_WAITS, type ItemState } from '../item/state.js'
import type { FrozenItem } from '../population/frozen-item.js'

type Reads = Pick<pg.Pool, 'query'>

/** An item as a list shows it. */
export interface ListedItem {
  readonly item: FrozenItem
  readonly state: ItemState
  readonly place: readonly string[]
  /** Until when its stage is asked. */
  readonly dueAt: Instant | undefined
  /** Undefined: the list of campaigns does not know of it yet. */
  readonly campaignName: string | undefined
}
interface Row {
  readonly risk: number
  readonly population: string
  readonly number: number
  readonly body: string
  readonly state: ItemState | null
}

/** Open items of these reviewers in running campaigns, worst first; `after` is the place of the last one before. */
export async function reviewWork(pool: Reads, reviewers: readonly Key[], limit: number, after?: readonly string[]): Promise<ListedItem[]> {
  const [risk, population, number] = after ?? []
  const { rows } = await pool.query<Row>({
    name: 'review-work',
    text: `WITH mine AS (
      (SELECT a.risk, a.population, a.number FROM review_assignment a
        JOIN decisions.campaign_population n USING (population) JOIN decisions.campaign c ON c.id = n.campaign
        WHERE a.reviewer = ANY($1) AND c.status = 'active' AND NOT EXISTS (SELECT FROM decisions.review_item i WHERE i.item = a.item)
          AND ($3::int IS NULL OR (-a.risk, a.population, a.number) > (-$3::int, $4, $5::int))
        ORDER BY -a.risk, a.population, a.number LIMIT $2)
      UNION
      (SELECT i.risk, i.population, i.number FROM decisions.review_item i JOIN decisions.campaign c ON c.id = i.campaign
        WHERE i.reviewers && $1 AND c.status = 'active' AND i.status IN ('assigned', 'escalated', 'drifted')
          AND ($3::int IS NULL OR (-i.risk, i.population, i.number) > (-$3::int, $4, $5::int))
        ORDER BY -i.risk, i.population, i.number LIMIT $2))
      SELECT mine.*, p.body, i.state FROM mine JOIN review_population p USING (population, number) LEFT JOIN decisions.review_item i ON i.item = p.item
      ORDER BY -mine.risk, mine.population, mine.number LIMIT $2`,
    values: [reviewers, limit, risk ?? null, population ?? null, number ?? null],
  })
  return listed(pool, rows)
} // prettier-ignore

/** Items of a campaign in order. */
export async function campaignItems(pool: Reads, campaign: string, limit: number, after?: readonly string[]): Promise<ListedItem[]> {
  const { rows } = await pool.query<Row>({
    name: 'campaign-items',
    text: `SELECT p.risk, p.population, p.number, p.body, i.state FROM decisions.campaign_population n JOIN review_population p USING (population)
      LEFT JOIN decisions.review_item i ON i.item = p.item
      WHERE n.campaign = $1 AND p.number > $3 ORDER BY p.number LIMIT $2`,
    values: [campaign, limit, Number(after?.[2] ?? 0)],
  })
  return listed(pool, rows)
} // prettier-ignore

/** Those of them that nobody was eligible to review when they were frozen, or is now; in the same order. */
export async function blockedItems(pool: Reads, campaign: string, limit: number, after?: readonly string[]): Promise<ListedItem[]> {
  const { rows } = await pool.query<Row>({
    name: 'campaign-items-blocked',
    text: `WITH blocked AS (
      (SELECT p.population, p.number FROM decisions.campaign_population n JOIN review_population p USING (population)
        WHERE n.campaign = $1 AND p.number > $3 AND strpos(p.body, '"reviewers":[]') > 0 ORDER BY p.number LIMIT $2)
      UNION
      (SELECT population, number FROM decisions.review_item WHERE campaign = $1 AND number > $3 AND status = 'pending' AND state ->> 'why' <> $4
        ORDER BY number LIMIT $2))
      SELECT p.risk, p.population, p.number, p.body, i.state FROM blocked JOIN review_population p USING (population, number)
        LEFT JOIN decisions.review_item i ON i.item = p.item ORDER BY p.number LIMIT $2`,
    values: [campaign, limit, Number(after?.[2] ?? 0), NEXT_STAGE_WAITS],
  })
  return listed(pool, rows)
} // prettier-ignore

/** Those of which something was said since the seal of the campaign; in the same order. */
export async function contradictedItems(pool: Reads, campaign: string, limit: number, after?: readonly string[]): Promise<ListedItem[]> {
  const { rows } = await pool.query<Row>({
    name: 'campaign-items-contradicted',
    text: `SELECT p.risk, p.population, p.number, p.body, i.state FROM decisions.review_item i JOIN review_population p USING (population, number)
      WHERE i.campaign = $1 AND i.number > $3 AND i.state ? 'sinceSeal' ORDER BY i.number LIMIT $2`,
    values: [campaign, limit, Number(after?.[2] ?? 0)],
  })
  return listed(pool, rows)
} // prettier-ignore

async function listed(pool: Reads, rows: readonly Row[]): Promise<ListedItem[]> {
  const items = rows.map(({ risk, population, number, body, state }) => {
    const item = JSON.parse(body) as FrozenItem
    return { item, state: state ?? frozenState(item), place: [String(risk), population, String(number)] }
  })
  const campaigns = await statesOf(pool, [...new Set(items.map(({ item }) => item.campaign))])
  return items.map((one) => {
    const campaign = campaigns.get(one.item.campaign)
    if (campaign === undefined) return { ...one, dueAt: undefined, campaignName: undefined }
    return { ...one, dueAt: dueAtOf(campaign, one.state.stage), campaignName: campaignName(campaign) }
  })
}

async function statesOf(pool: Reads, campaigns: readonly string[]): Promise<ReadonlyMap<string, CampaignState>> {
  const text = 'SELECT id, state FROM decisions.campaign WHERE id = ANY($1)'
  const { rows } = await pool.query<{ id: string; state: CampaignState }>({ name: 'states-of-campaigns', text, values: [campaigns] })
  return new Map(rows.map(({ id, state }) => [id, state]))
} // prettier-ignore

/** How much each reviewer still has to decide in these campaigns; whoever has nothing left is not in it. */
export async function openWork(
  pool: Reads,
  campaigns: readonly string[],
): Promise<readonly { readonly campaign: string; readonly reviewer: Key; readonly items: number }[]> {
  if (campaigns.length === 0) return []
  const { rows } = await pool.query<{ campaign: string; reviewer: Key; items: number }>(
    `SELECT campaign, reviewer, count(*)::int AS items FROM (
       SELECT n.campaign, a.reviewer, a.item FROM decisions.campaign_population n JOIN review_assignment a USING (population)
         WHERE n.campaign = ANY($1) AND NOT EXISTS (SELECT FROM decisions.review_item i WHERE i.item = a.item)
       UNION
       SELECT i.campaign, unnest(i.reviewers), i.item FROM decisions.review_item i
         WHERE i.campaign = ANY($1) AND i.status IN ('assigned', 'escalated', 'drifted')) AS open
     GROUP BY campaign, reviewer ORDER BY campaign, reviewer`,
    [campaigns],
  )
  return rows
}
