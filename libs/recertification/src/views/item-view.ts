import type { RecordedDecision } from '@catena/ledger'
import type { DecisionView } from '@catena/projections'
import type pg from 'pg'
import type { CampaignState } from '../campaign/state.js'
import { frozenState, quorumOf } from '../item/context.js'
import type { ItemEvent } from '../item/events.js'
import { evolveItem } from '../item/evolve.js'
import type { ItemState } from '../item/state.js'
import type { FrozenItem } from '../population/frozen-item.js'

interface Row {
  readonly item: string
  readonly population: string
  readonly number: number
  readonly risk: number
  readonly body: string
  readonly campaign: string
  readonly campaign_state: CampaignState
  readonly state: ItemState | null
}

/** Items to which something happened. Folded behind the view of campaigns, whose rows it reads. */
export const itemView: DecisionView = {
  name: 'review-items',
  version: '1',
  clear: async (client) => {
    await client.query('DELETE FROM decisions.review_item')
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
  for (const decision of decisions) {
    const row = rows.get(idOf(decision))
    if (row === undefined) continue
    const before = states.get(row.item)?.state ?? row.state ?? frozenState(JSON.parse(row.body) as FrozenItem)
    const event = decision.event as unknown as ItemEvent
    const state = evolveItem(before, event, decision.by, (stage) => quorumOf(row.campaign_state, stage))
    states.set(row.item, { row, state, position: decision.position })
  }
  await write(client, [...states.values()])
}

async function rowsOf(client: pg.ClientBase, ids: readonly string[]): Promise<Map<string, Row>> {
  const { rows } = await client.query<Row>(
    `SELECT replace(p.item::text, '-', '') AS item, p.population, p.number, p.risk, p.body, c.id AS campaign, c.state AS campaign_state, i.state
     FROM review_population p JOIN decisions.campaign_population n USING (population) JOIN decisions.campaign c ON c.id = n.campaign
     LEFT JOIN decisions.review_item i ON i.item = p.item WHERE p.item = ANY($1::uuid[])`,
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
    `INSERT INTO decisions.review_item (item, campaign, population, number, risk, status, reviewers, state, position)
     SELECT item, campaign, population, number, risk, status, reviewers, state, position FROM jsonb_to_recordset($1::jsonb)
       AS row (item uuid, campaign text, population text, number int, risk smallint, status text, reviewers text[], state jsonb, position bigint)
     ON CONFLICT (item) DO UPDATE SET status = excluded.status, reviewers = excluded.reviewers, state = excluded.state, position = excluded.position`,
    [JSON.stringify(rows)],
  )
}
