import { Beside, decodeDecision, type DecisionStreams, type LedgerEvent, type LookedAt } from '@catena/ledger'
import type pg from 'pg'
import { campaignStream } from '../campaign/decider.js'
import type { CampaignEvent } from '../campaign/events.js'
import type { Frozen } from '../campaign/facts.js'
import { reportHashOf } from '../campaign/report-hash.js'
import { populationFaults } from './verify-population.js'

interface Told {
  /** The population, then supplements. */
  readonly frozen: readonly Pick<Frozen, 'population' | 'hash' | 'items'>[]
  readonly isSealOfFigures: boolean
}
type Desk = { readonly pool: pg.Pool; readonly streams: Pick<DecisionStreams, 'readStream'> }

/** Campaigns against the hashes in the ledger: what was frozen is what stands in the tables of items, and a seal is over its own figures. */
export async function verifySeals(desk: Desk): Promise<LookedAt> {
  const beside = new Beside()
  for (const id of await campaigns(desk.pool)) {
    const told = toldOf(id, await desk.streams.readStream(campaignStream(id)))
    if (told === undefined) beside.add(`campaign ${id}: what the ledger has of it cannot be read`)
    if (told === undefined || told.frozen.length === 0) continue
    beside.count += 1
    for (const frozen of told.frozen)
      for (const wrong of await populationFaults(desk.pool, id, frozen)) beside.add(`campaign ${id}: ${wrong}`)
    if (!told.isSealOfFigures) beside.add(`campaign ${id}: its seal is not over the figures that stand with it`)
  }
  return beside.lookedAt
}

/** By the ledger: a list of campaigns could lack one. */
async function campaigns(pool: pg.Pool): Promise<string[]> {
  const prefix = campaignStream('')
  const { rows } = await pool.query<{ stream: string }>('SELECT stream FROM stream_head WHERE starts_with(stream, $1) ORDER BY stream', [prefix]) // prettier-ignore
  return rows.map(({ stream }) => stream.slice(prefix.length))
}

/**
 * What was frozen, also where the campaign was called off later, and whether the seal, where there is one, is over its figures.
 * Undefined: somebody changed an event so that it says nothing.
 */
function toldOf(id: string, events: readonly LedgerEvent[]): Told | undefined {
  try {
    const history = events.flatMap((event) => decodeDecision(event)?.event ?? []) as CampaignEvent[]
    const main = history.find((event) => event.type === 'PopulationFrozen')
    const supplements = history.filter((event) => event.type === 'CampaignSupplemented')
    const frozen = [...(main === undefined ? [] : [main]), ...supplements].map(({ data: { frozen: { population, hash, items } } }) => ({ population, hash, items }))
    const seal = history.find((event) => event.type === 'CampaignSealed')?.data
    return { frozen, isSealOfFigures: main === undefined || seal === undefined || seal.reportHash === reportHashOf(id, main.data.frozen.hash, seal.figures) }
  } catch {
    return undefined
  }
} // prettier-ignore
