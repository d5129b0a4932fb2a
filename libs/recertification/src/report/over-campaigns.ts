import { csvRow, formatInstant, type Instant } from '@catena/domain'
import type { ReportFigures } from '../campaign/facts.js'
import { isLaunched } from '../campaign/state.js'
import type { RecertificationDesk } from '../desk/desk.js'
import { reportFigures, type Reported } from './campaign-report.js'
import { FigureCount } from './report-figures.js'
import { wholePercent } from './whole-percent.js'

/** One campaign among several. */
export interface CampaignFiguresRow {
  readonly campaign: Reported
  readonly figures: ReportFigures
}

/** Several campaigns, each and together, counted from the ledger. */
export interface FiguresOver {
  readonly rows: readonly CampaignFiguresRow[]
  /** Counted over all items at once, so that a median is one of all orders. */
  readonly total: ReportFigures
  /** There are older ones, which are in neither. */
  readonly isCut: boolean
}

export interface FiguresAsked {
  /** Of this definition; undefined: of all. */
  readonly definition: string | undefined
  /** Scheduled for a time in it. */
  readonly from: Instant | undefined
  readonly to: Instant | undefined
}

/** Most campaigns of one answer. */
export const FIGURES_MAX = 100

/** Of the newest campaigns that were asked for, the oldest of them first. Voided ones are left out: nothing of them counts. */
export async function figuresOver(desk: Pick<RecertificationDesk, 'streams' | 'pool'>, { definition, from, to }: FiguresAsked): Promise<FiguresOver> {
  const { rows: found } = await desk.pool.query<{ id: string }>(
    `SELECT id FROM decisions.campaign WHERE status <> 'voided' AND ($1::text IS NULL OR definition = $1)
       AND ($2::float8 IS NULL OR scheduled_for >= $2) AND ($3::float8 IS NULL OR scheduled_for < $3)
     ORDER BY scheduled_for DESC, id LIMIT $4`,
    [definition ?? null, from ?? null, to ?? null, FIGURES_MAX + 1],
  )
  const total = new FigureCount()
  const rows: CampaignFiguresRow[] = []
  for (const { id } of found.slice(0, FIGURES_MAX).reverse()) {
    const row = await reportFigures(desk, id, total)
    if (row !== undefined) rows.push(row)
  }
  return { rows, total: total.figures(), isCut: found.length > FIGURES_MAX }
} // prettier-ignore

/** Shares that auditors ask for, from counts: undefined where there is nothing to divide by. */
export function sharesOf({ items, expired, open, votes, late }: ReportFigures) {
  return {
    /** Answered, moot or taken over, of all items. */
    coverage: items === 0 ? undefined : (items - expired - open) / items,
    /** Votes in time, of all votes. */
    timeliness: votes === 0 ? undefined : (votes - late) / votes,
  }
}

const COLUMNS = [
  'campaign', 'name', 'status', 'launched', 'items', 'covered percent', 'in time percent', 'certified', 'revoked', 'modified', 'excepted', 'moot',
  'superseded', 'expired', 'open', 'votes', 'late', 'self-reviews', 'conflicts refused', 'impeached', 'orders', 'verified', 'median days to verified', 'regressions',
] as const // prettier-ignore

/** A table with a line for each campaign and one for all. */
export function figuresCsv({ rows, total }: FiguresOver): string {
  const lines = rows.map(({ campaign, figures }) => [campaign.id, campaign.definition.name, campaign.status, isLaunched(campaign) ? formatInstant(campaign.launchedAt) : '', ...cells(figures)])
  return [COLUMNS, ...lines, ['all', '', '', '', ...cells(total)]].map(csvRow).join('')
} // prettier-ignore

function cells(of: ReportFigures): (string | number)[] {
  const { coverage, timeliness } = sharesOf(of)
  return [
    of.items, percent(coverage), percent(timeliness), of.certified, of.revoked, of.modified, of.excepted, of.moot, of.superseded, of.expired, of.open,
    of.votes, of.late, of.selfReviews, of.conflictsRefused, of.impeached, of.orders, of.verified,
    of.medianToVerifiedMs === undefined ? '' : (of.medianToVerifiedMs / 86_400_000).toFixed(1), of.regressions,
  ] // prettier-ignore
}

function percent(share: number | undefined): string | number {
  return share === undefined ? '' : wholePercent(share)
}
