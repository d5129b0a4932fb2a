import type { Instant } from '@catena/domain'
import type { RecordedDecision } from '@catena/ledger'
import type { DecisionView } from '@catena/projections'
import type pg from 'pg'
import type { CampaignState } from '../campaign/state.js'
import { frozenState, quorumOf } from '../item/context.js'
import type { ItemEvent } from '../item/events.js'
import { evolveItem } from '../item/evolve.js'
import type { ItemState } from '../item/state.js'
import type { FrozenItem } from '../population/frozen-item.js'
import { reviewAfter, type ToldReview } from './access-review.js'

interface Row {
  readonly item: string
  readonly population: string
  readonly number: number
  readonly risk: number
  readonly body: string
  readonly campaign: string
  readonly campaign_state: CampaignState
  readonly state: ItemState | null
  readonly told: ToldReview | null
}

/** Items to which something happened, and what they say of their accesses. Folded behind the view of campaigns, whose rows it reads. */
export const itemView: DecisionView = {
  name: 'review-items',
  version: '9',
  clear: async (client) => {
    await client.query('DELETE FROM review_item; DELETE FROM access_review')
  },
  apply: async (client, decisions) => {
    const own = decisions.filter(({ stream }) => stream.startsWith('review-item:'))
    if (own.length > 0) await applyItems(client, own)
  },
}

async function applyItems(client: pg.ClientBase, decisions: readonly RecordedDecision[]): Promise<void> {
  const idOf = ({ stream }: RecordedDecision): string => stream.slice('review-item:'.length)
  const rows = await rowsOf(client, [...new Set(decisions.map(idOf))])
  const states = new Map<string, { row: Row; state: ItemState; position: number }>()
  const told = new Map([...rows].map(([item, row]) => [item, row.told ?? undefined]))
  const reviews: Reviewed[] = []
  for (const decision of decisions) {
    const row = rows.get(idOf(decision))
    if (row === undefined) continue
    const before = states.get(row.item)?.state ?? row.state ?? frozenState(JSON.parse(row.body) as FrozenItem)
    const event = decision.event as unknown as ItemEvent
    const state = evolveItem(before, event, decision.by, (stage) => quorumOf(row.campaign_state, stage))
    states.set(row.item, { row, state, position: decision.position })
    const review = reviewAfter(told.get(row.item), state, event, decision)
    if (review === undefined || review === told.get(row.item)) continue
    told.set(row.item, review)
    reviews.push({ row, ...review, position: decision.position, at: decision.by.at })
  }
  await write(client, [...states.values()])
  await writeReviews(client, reviews)
}

async function rowsOf(client: pg.ClientBase, ids: readonly string[]): Promise<Map<string, Row>> {
  const { rows } = await client.query<Row>(
    `SELECT replace(p.item::text, '-', '') AS item, p.population, p.number, p.risk, p.body, c.id AS campaign, c.state AS campaign_state, i.state,
       (SELECT jsonb_build_object('review', review, 'positions', to_jsonb(positions)) FROM access_review r
        WHERE r.item = p.item ORDER BY position DESC LIMIT 1) AS told
     FROM review_population p JOIN campaign_population n USING (population) JOIN campaign c ON c.id = n.campaign
     LEFT JOIN review_item i ON i.item = p.item WHERE p.item = ANY($1::uuid[])`,
    [ids],
  )
  return new Map(rows.map((row) => [row.item, row]))
}

type Folded = { readonly row: Row; readonly state: ItemState; readonly position: number }

async function write(client: pg.ClientBase, folded: readonly Folded[]): Promise<void> {
  const rows = folded.map(({ row: { item, campaign, population, number, risk }, state, position }) => {
    const holders = [...new Set([...state.reviewers, ...state.delegations.map(({ to }) => to)])]
    return { item, campaign, population, number, risk, status: state.status, reviewers: holders, state, position }
  })
  await client.query(
    `INSERT INTO review_item (item, campaign, population, number, risk, status, reviewers, state, position)
     SELECT item, campaign, population, number, risk, status, reviewers, state, position FROM jsonb_to_recordset($1::jsonb)
       AS row (item uuid, campaign text, population text, number int, risk smallint, status text, reviewers text[], state jsonb, position bigint)
     ON CONFLICT (item) DO UPDATE SET status = excluded.status, reviewers = excluded.reviewers, state = excluded.state, position = excluded.position`,
    [JSON.stringify(rows)],
  )
}

type Reviewed = ToldReview & { readonly row: Row; readonly position: number; readonly at: Instant }

async function writeReviews(client: pg.ClientBase, reviews: readonly Reviewed[]): Promise<void> {
  if (reviews.length === 0) return
  const rows = reviews.map(({ row: { item, campaign, body }, review, positions, position, at }) => {
    const { access } = JSON.parse(body) as FrozenItem
    return {
      item,
      position,
      at_us: Math.round(at * 1000),
      credential: access.credential.id,
      campaign,
      positions,
      review,
    }
  })
  await client.query(
    `INSERT INTO access_review (item, position, at_us, credential, campaign, positions, review)
     SELECT item, position, at_us, credential, campaign, ARRAY(SELECT jsonb_array_elements_text(positions)::bigint), review
     FROM jsonb_to_recordset($1::jsonb)
       AS row (item uuid, position bigint, at_us bigint, credential uuid, campaign text, positions jsonb, review jsonb)`,
    [JSON.stringify(rows)],
  )
}
