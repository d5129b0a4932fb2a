import { fold, type Instant } from '@catena/domain'
import { decodeDecision, type LedgerEvent } from '@catena/ledger'
import { campaignDecider, campaignStream } from '../campaign/decider.js'
import type { CampaignEvent } from '../campaign/events.js'
import type { Frozen, ReportFigures, SealedFigures } from '../campaign/facts.js'
import { isLaunched, type CampaignState } from '../campaign/state.js'
import type { RecertificationDesk } from '../desk/desk.js'
import { hasClosed } from '../item/context.js'
import { itemDecider } from '../item/decider.js'
import type { ItemState } from '../item/state.js'
import { itemStream } from '../population/identity.js'
import { readPopulation, touchedItems } from '../population/store.js'
import type { FrozenItem } from '../population/frozen-item.js'
import { itemFacts, type ItemFacts } from './item-facts.js'
import { QualityCount, type ReviewQuality } from './quality.js'
import { FigureCount } from './report-figures.js'

export type Reported = Exclude<CampaignState, { readonly status: 'draft' }>

/** One thing that happened to the campaign itself. */
export interface Step {
  readonly type: string
  readonly at: Instant
  readonly by: string
  readonly position: number
  readonly why: string | undefined
}

/** What an auditor asks of one campaign, read from the ledger up to a position. Once it is sealed, items and figures are as of the seal. */
export interface CampaignReport {
  readonly campaign: Reported
  readonly position: number
  /** Position of the seal; undefined: it was not sealed by then. */
  readonly sealPosition: number | undefined
  readonly steps: readonly Step[]
  readonly figures: ReportFigures
  readonly quality: readonly ReviewQuality[]
}

type Desk = Pick<RecertificationDesk, 'streams' | 'pool'>
/** Items read at once. */
const PAGE = 500

/** Undefined: there was no such campaign by then. Items are read page by page and not kept. */
export async function reportCampaign(desk: Desk, id: string, until = Infinity): Promise<CampaignReport | undefined> {
  const found = await campaignAt(desk, id, until)
  if (found === undefined) return undefined
  const { campaign, position, sealPosition } = found
  const [figures, quality] = [new FigureCount(), new QualityCount()]
  for await (const page of reportItems(desk, campaign, sealPosition ?? position))
    for (const facts of page) {
      figures.add(facts, hasClosed(campaign))
      quality.add(facts)
    }
  const dueAt = isLaunched(campaign) ? campaign.stages.at(-1)?.dueAt : undefined
  return { ...found, figures: asSealed(campaign, figures.figures()), quality: quality.all(dueAt) }
}

/** The report as it is handed over: of a sealed campaign as of its seal, so that it says the same for ever, whatever came later. */
export async function reportToKeep(desk: Desk, id: string, until = Infinity): Promise<CampaignReport | undefined> {
  const found = await campaignAt(desk, id, until)
  return reportCampaign(desk, id, Math.min(until, found?.sealPosition ?? Infinity))
}

/** What was sealed stands, however it would be counted today. */
function asSealed(campaign: Reported, counted: ReportFigures): ReportFigures {
  if (!('figures' in campaign)) return counted
  const { figures } = campaign
  return isWhole(figures) ? { ...figures, medianToVerifiedMs: figures.medianToVerifiedMs } : { ...counted, ...figures }
}

/** Earlier versions sealed the outcomes alone. */
function isWhole(figures: SealedFigures): figures is ReportFigures {
  return figures.votes !== undefined
}

/** The figures alone, also counted into those of several campaigns. Items to which nothing happened are not read: the freeze counted them. */
export async function reportFigures(desk: Desk, id: string, total: FigureCount): Promise<{ campaign: Reported; figures: ReportFigures } | undefined> {
  const found = await campaignAt(desk, id, Infinity)
  if (found === undefined) return undefined
  const { campaign, position, sealPosition } = found
  const figures = new FigureCount()
  const counts = [figures, total]
  for (const frozen of populationsOf(campaign)) {
    const touched = { items: 0, blocked: 0 }
    for await (const page of touchedItems(desk.pool, frozen.population))
      for (const facts of await withEvents(desk, campaign, page, sealPosition ?? position)) {
        touched.items += 1
        touched.blocked += facts.item.reviewers.length === 0 ? 1 : 0
        for (const count of counts) count.add(facts, hasClosed(campaign))
      }
    const untouched = { items: frozen.items - touched.items, blocked: frozen.blocked - touched.blocked }
    for (const count of counts) count.addUntouched(untouched, hasClosed(campaign))
  }
  return { campaign, figures: asSealed(campaign, figures.figures()) }
} // prettier-ignore

/** Every item with what happened to it, in order; all populations. */
export async function* reportItems(desk: Desk, campaign: Reported, until = Infinity): AsyncGenerator<ItemFacts[]> {
  for (const { population } of populationsOf(campaign))
    for await (const page of readPopulation(desk.pool, population, PAGE)) yield await withEvents(desk, campaign, page, until)
} // prettier-ignore

function populationsOf(campaign: Reported): readonly Frozen[] {
  return 'frozen' in campaign ? [campaign.frozen, ...campaign.supplements] : []
}

async function withEvents(desk: Desk, campaign: Reported, page: readonly FrozenItem[], until = Infinity): Promise<ItemFacts[]> {
  const streams = await desk.streams.readStreams(page.map(({ id }) => itemStream(id)))
  return page.map((item) => factsOf(item, campaign, streams.get(itemStream(item.id)) ?? [], until))
} // prettier-ignore

function factsOf(item: FrozenItem, campaign: CampaignState, events: readonly LedgerEvent[], until: number): ItemFacts {
  const history = events.filter(({ position }) => position <= until).flatMap((event) => decodeDecision(event) ?? [])
  const decider = itemDecider({ item, campaign })
  return itemFacts(item, fold(decider, history as unknown as Parameters<typeof fold<ItemState, never>>[1]), history)
}

/** Last entry of the ledger: nobody reads further than that, whatever they ask for. */
export async function recordedUpTo({ pool }: Pick<Desk, 'pool'>): Promise<number> {
  const { rows } = await pool.query<{ position: string }>('SELECT position FROM ledger_head')
  return Number(rows[0]?.position ?? 0)
}

async function campaignAt(desk: Desk, id: string, until: number): Promise<Omit<CampaignReport, 'figures' | 'quality'> | undefined> {
  const events = (await desk.streams.readStream(campaignStream(id))).filter(({ position }) => position <= until)
  const history = events.flatMap((event) => decodeDecision(event) ?? [])
  const campaign = fold(campaignDecider, history as unknown as Parameters<typeof fold<CampaignState, never>>[1])
  if (campaign.status === 'draft') return undefined
  const steps = history.map(({ event, by, position }) => {
    const { type, data } = event as unknown as CampaignEvent
    const why = 'why' in data ? data.why : 'reason' in data ? data.reason : undefined
    return { type, at: by.at, by: by.actor, position, why }
  })
  const sealPosition = steps.find(({ type }) => type === 'CampaignSealed')?.position
  return { campaign, steps, sealPosition, position: Math.min(until, await recordedUpTo(desk)) }
} // prettier-ignore
