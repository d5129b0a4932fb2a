import { fold } from '@catena/domain'
import { Beside, decodeDecision, type DecisionStreams, type LookedAt } from '@catena/ledger'
import type pg from 'pg'
import { campaignDecider, campaignStream } from '../campaign/decider.js'
import type { CampaignEvent } from '../campaign/events.js'
import type { Frozen } from '../campaign/facts.js'
import { reportHashOf } from '../campaign/report-hash.js'
import type { CampaignState } from '../campaign/state.js'
import { evidenceHash, type FrozenItem } from '../population/frozen-item.js'
import { PopulationHash } from '../population/population-hash.js'
import { readPopulation } from '../population/store.js'

/** Rows of what a reviewer is shown that say otherwise than the frozen item. */
const ROWS_ASTRAY = `
  SELECT count(*)::int AS rows FROM review_population p WHERE p.population = $1 AND NOT (
    replace(p.item::text, '-', '') = p.body::jsonb ->> 'id' AND replace(p.subject::text, '-', '') = p.body::jsonb ->> 'subject')`
const REVIEWERS_ASTRAY = `
  SELECT count(*)::int AS rows FROM (
    SELECT reviewer, replace(item::text, '-', '') AS item FROM review_assignment WHERE population = $1
  ) assigned FULL JOIN (
    SELECT jsonb_array_elements_text(body::jsonb -> 'reviewers') AS reviewer, body::jsonb ->> 'id' AS item FROM review_population WHERE population = $1
  ) frozen USING (reviewer, item) WHERE assigned.item IS NULL OR frozen.item IS NULL`

type Seal = Extract<CampaignEvent, { type: 'CampaignSealed' }>['data']
type Desk = { readonly pool: pg.Pool; readonly streams: Pick<DecisionStreams, 'readStream'> }

/** Campaigns against the hashes in the ledger: what was frozen is what stands in the tables of items, and a seal is over its own figures. */
export async function verifySeals(desk: Desk): Promise<LookedAt> {
  const beside = new Beside()
  for (const id of await campaigns(desk.pool)) {
    const { state, seal } = await campaignOf(desk, id)
    if (!('frozen' in state)) continue
    beside.count += 1
    for (const frozen of [state.frozen, ...state.supplements])
      for (const wrong of await faultsOf(desk.pool, frozen)) beside.add(`campaign ${id}: ${wrong}`)
    if (seal !== undefined && seal.reportHash !== reportHashOf(id, state.frozen.hash, seal.figures))
      beside.add(`campaign ${id}: its seal is not over the figures that stand with it`)
  }
  return beside.lookedAt
}

/** By the ledger: a list of campaigns could lack one. */
async function campaigns(pool: pg.Pool): Promise<string[]> {
  const prefix = campaignStream('')
  const { rows } = await pool.query<{ stream: string }>('SELECT stream FROM stream_head WHERE starts_with(stream, $1) ORDER BY stream', [prefix]) // prettier-ignore
  return rows.map(({ stream }) => stream.slice(prefix.length))
}

async function campaignOf({ streams }: Desk, id: string): Promise<{ readonly state: CampaignState; readonly seal: Seal | undefined }> {
  const history = (await streams.readStream(campaignStream(id))).flatMap((event) => decodeDecision(event) ?? [])
  const state = fold(campaignDecider, history as unknown as Parameters<typeof fold<CampaignState, never>>[1])
  return { state, seal: history.find(({ event }) => event.type === 'CampaignSealed')?.event.data as Seal | undefined }
} // prettier-ignore

async function faultsOf(pool: pg.Pool, { population, hash, items }: Frozen): Promise<string[]> {
  const [count, altered] = [new PopulationHash(), [] as string[]]
  for await (const page of readPopulation(pool, population))
    for (const item of page) {
      count.add(item)
      if (isAltered(item)) altered.push(`item ${item.id} is not what was frozen`)
    }
  const [rows, reviewers] = [await counted(pool, ROWS_ASTRAY, population), await counted(pool, REVIEWERS_ASTRAY, population)] // prettier-ignore
  return [
    ...altered,
    ...(count.count === items ? [] : [`${items} items were frozen, ${count.count} are there`]),
    ...(altered.length > 0 || count.count !== items || count.digest() === hash ? [] : ['its population does not have the hash in the ledger']), // prettier-ignore
    ...(rows === 0 ? [] : [`${rows} items stand under another id than they have`]),
    ...(reviewers === 0 ? [] : [`${reviewers} assignments differ from those that were frozen`]),
  ]
}

function isAltered({ access, recommendation, evidenceHash: frozen }: FrozenItem): boolean {
  return evidenceHash(access, recommendation) !== frozen
}

async function counted(pool: pg.Pool, text: string, population: string): Promise<number> {
  const { rows } = await pool.query<{ rows: number }>(text, [population])
  return rows[0]?.rows ?? 0
}
