import {
  Beside,
  decodeDecision,
  type DecisionStreams,
  type LedgerEvent,
  type LookedAt,
  type OnLooked,
} from '@catena/ledger'
import type pg from 'pg'
import { campaignStream } from '../campaign/decider.js'
import type { CampaignEvent } from '../campaign/events.js'
import type { Frozen } from '../campaign/facts.js'
import { reportHashOf } from '../campaign/report-hash.js'
import { populationFaults } from './verify-population.js'

interface Told {
  /** The population, then supplements. */
  readonly frozen: readonly (Pick<Frozen, 'population' | 'hash' | 'assigned' | 'items'> & Place)[]
  readonly isSealOfFigures: boolean
  /** Of an event that was erased nobody knows what it said. */
  readonly isErased: boolean
}

/** Where an event stands in the ledger, and its time. */
interface Place {
  readonly position: number
  readonly atUs: number
}

type Desk = { readonly pool: pg.Pool; readonly streams: Pick<DecisionStreams, 'readStream'> }

/** Campaigns against the hashes in the ledger: what was frozen is what stands in the tables of items, and is found there, and a seal is over its own figures. */
export async function verifySeals(desk: Desk, onLooked?: OnLooked): Promise<LookedAt> {
  const beside = new Beside()
  // Before the streams, so that these know of everything that it lists.
  const list = await listedPopulations(desk.pool)
  const all = await campaigns(desk.pool)
  for (const [index, id] of all.entries()) {
    onLooked?.(index, all.length)
    const told = toldOf(id, await desk.streams.readStream(campaignStream(id)))
    if (told === undefined) beside.add(`campaign ${id}: what the ledger has of it cannot be read`)
    if (told === undefined) continue
    for (const wrong of listFaults(told, list, id)) beside.add(`campaign ${id}: ${wrong}`)
    if (told.frozen.length === 0) continue
    beside.count += 1
    for (const frozen of told.frozen)
      for (const wrong of await populationFaults(desk.pool, id, frozen)) beside.add(`campaign ${id}: ${wrong}`)
    if (!told.isSealOfFigures) beside.add(`campaign ${id}: its seal is not over the figures that stand with it`)
  }
  return beside.lookedAt
}

interface ListedPopulations {
  /** Everything up to this position of the ledger is in it. */
  readonly upTo: number
  readonly ofCampaign: ReadonlyMap<string, ReadonlyMap<string, Place>>
}

/** By this list the populations of a campaign are found: what it lacks is in no work and no count, and nothing is wrong with the items themselves. */
async function listedPopulations(pool: pg.Pool): Promise<ListedPopulations> {
  const { rows } = await pool.query<{ up_to: string; campaign: string | null; population: string; position: string; at_us: string }>(
    `SELECT v.position AS up_to, n.campaign, n.population, n.position, n.at_us
      FROM decisions.view v LEFT JOIN decisions.campaign_population n ON true WHERE v.name = 'campaigns'`,
  )
  const ofCampaign = new Map<string, Map<string, Place>>()
  for (const { campaign, population, position, at_us: atUs } of rows) {
    if (campaign === null) continue
    const listed = ofCampaign.get(campaign) ?? new Map<string, Place>()
    ofCampaign.set(campaign, listed.set(population, { position: Number(position), atUs: Number(atUs) }))
  }
  return { upTo: Number(rows[0]?.up_to ?? 0), ofCampaign }
} // prettier-ignore

function listFaults({ frozen, isErased }: Told, { upTo, ofCampaign }: ListedPopulations, id: string): string[] {
  if (isErased) return []
  const listed = ofCampaign.get(id) ?? new Map<string, Place>()
  const missing = frozen.filter(({ population, position }) => position <= upTo && !listed.has(population)).length
  const strange = [...listed.keys()].filter((population) => !frozen.some((each) => each.population === population)).length // prettier-ignore
  const astray = frozen.filter(({ population, position, atUs }) => {
    const place = listed.get(population)
    return place !== undefined && (place.position !== position || place.atUs !== atUs)
  }).length
  return [
    ...(missing === 0 ? [] : [`${missing} of its populations are not in the list by which its items are found`]),
    ...(strange === 0 ? [] : [`${strange} populations are listed as its own that were not frozen for it`]),
    ...(astray === 0
      ? []
      : [`${astray} of its populations are listed with another position or time than in the ledger`]),
  ]
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
    const history = events.flatMap((event) => decodeDecision(event) ?? [])
    const own = history.map(({ event }) => event as unknown as CampaignEvent)
    const main = own.find((event) => event.type === 'PopulationFrozen')
    const frozen = history.flatMap(({ event, position, by }) => {
      const { type, data } = event as unknown as CampaignEvent
      if (type !== 'PopulationFrozen' && type !== 'CampaignSupplemented') return []
      const { population, hash, assigned, items } = data.frozen
      return [{ population, hash, ...(assigned === undefined ? {} : { assigned }), items, position, atUs: Math.round(by.at * 1000) }]
    })
    const seal = own.find((event) => event.type === 'CampaignSealed')?.data
    const isSealOfFigures = main === undefined || seal === undefined || seal.reportHash === reportHashOf(id, main.data.frozen.hash, seal.figures)
    return { frozen, isSealOfFigures, isErased: history.length < events.length }
  } catch {
    return undefined
  }
} // prettier-ignore
