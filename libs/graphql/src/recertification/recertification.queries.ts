import type { Caller, Instant } from '@catena/domain'
import { positionOfCut } from '@catena/ledger'
import {
  blockedItems,
  campaignItems,
  contradictedItems,
  contradictedSinceSeal,
  recordedUpTo,
  reportCampaign,
  type CampaignReport,
  loadItems,
  checkPopulation,
  figuresOver,
  type FiguresAsked,
  type FiguresOver,
  reviewWork,
  runDry,
  type CampaignState,
  type Definition,
  type DryRun,
  type ListedItem,
  type LoadedItem,
  type RecertificationDesk,
} from '@catena/recertification'
import { UnknownCut, type Page, type PageRequest } from '@catena/projections'
import { Inject } from '@nestjs/common'
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs'
import { inPlaceOf } from '@catena/recertification'
import { reviewerOf } from './item.commands.js'
import { RECERTIFICATION } from './recertification-token.js'

export interface CampaignFilter {
  readonly status: CampaignState['status'] | undefined
  readonly definition: string | undefined
}

export class ListCampaigns extends Query<Page<CampaignState>> {
  constructor(
    readonly filter: CampaignFilter,
    readonly page: PageRequest,
  ) {
    super()
  }
}

@QueryHandler(ListCampaigns)
export class ListCampaignsHandler implements IQueryHandler<ListCampaigns> {
  constructor(@Inject(RECERTIFICATION) private readonly desk: RecertificationDesk) {}

  async execute({ filter: { status, definition }, page: { limit, after } }: ListCampaigns): Promise<Page<CampaignState>> {
    const [at, id] = after ?? []
    const { rows } = await this.desk.pool.query<{ id: string; scheduled_for: number; state: CampaignState }>(
      `SELECT id, scheduled_for, state FROM decisions.campaign WHERE ($1::text IS NULL OR status = $1) AND ($2::text IS NULL OR definition = $2)
         AND ($3::float8 IS NULL OR (-scheduled_for, id) > (-$3::float8, $4)) ORDER BY -scheduled_for, id LIMIT $5`,
      [status ?? null, definition ?? null, at ?? null, id ?? null, limit + 1],
    )
    const items = rows.slice(0, limit).map((row) => ({ item: row.state, place: [String(row.scheduled_for), row.id] }))
    return { items, hasMore: rows.length > limit }
  } // prettier-ignore
}

/** Several campaigns in numbers. */
export class CountCampaigns extends Query<FiguresOver> {
  constructor(readonly asked: FiguresAsked) {
    super()
  }
}

@QueryHandler(CountCampaigns)
export class CountCampaignsHandler implements IQueryHandler<CountCampaigns> {
  constructor(@Inject(RECERTIFICATION) private readonly desk: RecertificationDesk) {}

  execute({ asked }: CountCampaigns): Promise<FiguresOver> {
    return figuresOver(this.desk, asked)
  }
}

export class DryRunCampaign extends Query<DryRun> {
  constructor(
    readonly definition: Definition,
    readonly at: Instant,
    readonly knownAt: string | undefined,
  ) {
    super()
  }
}

@QueryHandler(DryRunCampaign)
export class DryRunCampaignHandler implements IQueryHandler<DryRunCampaign> {
  constructor(@Inject(RECERTIFICATION) private readonly desk: RecertificationDesk) {}

  async execute({ definition, at, knownAt }: DryRunCampaign): Promise<DryRun> {
    const position = knownAt === undefined ? undefined : await positionIn(this.desk, knownAt)
    return runDry(this.desk, definition, at, position)
  }
}

export class CheckPopulation extends Query<Awaited<ReturnType<typeof checkPopulation>>> {
  constructor(readonly campaign: string) {
    super()
  }
}

@QueryHandler(CheckPopulation)
export class CheckPopulationHandler implements IQueryHandler<CheckPopulation> {
  constructor(@Inject(RECERTIFICATION) private readonly desk: RecertificationDesk) {}

  execute({ campaign }: CheckPopulation): ReturnType<typeof checkPopulation> {
    return checkPopulation(this.desk, campaign)
  }
}

/** One campaign as the ledger tells of it, now or up to a cut; undefined: there was none by then. */
export class ReportCampaign extends Query<(CampaignReport & { readonly contradictedSinceSeal: number }) | undefined> {
  constructor(
    readonly id: string,
    readonly knownAt: string | undefined,
  ) {
    super()
  }
}

@QueryHandler(ReportCampaign)
export class ReportCampaignHandler implements IQueryHandler<ReportCampaign> {
  constructor(@Inject(RECERTIFICATION) private readonly desk: RecertificationDesk) {}

  async execute({ id, knownAt }: ReportCampaign): Promise<(CampaignReport & { readonly contradictedSinceSeal: number }) | undefined> {
    const until = knownAt === undefined ? undefined : positionOfCut(knownAt)
    // It is read from the ledger itself, so what the ledger has counts, not what lists show.
    if (knownAt !== undefined && (until === undefined || until > (await recordedUpTo(this.desk)))) throw new UnknownCut(knownAt)
    const report = await reportCampaign(this.desk, id, until)
    if (report === undefined) return undefined
    return { ...report, contradictedSinceSeal: await contradictedSinceSeal(this.desk.pool, id, until) }
  } // prettier-ignore
}

const LISTS = { all: campaignItems, blocked: blockedItems, contradicted: contradictedItems } as const

/** `campaign`: its items, or those of them that are blocked or contradicted since the seal; else what the caller has to decide. */
export class ListReviewItems extends Query<Page<ListedItem>> {
  constructor(
    readonly whose: { readonly campaign: string; readonly which: keyof typeof LISTS } | { readonly caller: Caller },
    readonly page: PageRequest,
  ) {
    super()
  }
}

@QueryHandler(ListReviewItems)
export class ListReviewItemsHandler implements IQueryHandler<ListReviewItems> {
  constructor(@Inject(RECERTIFICATION) private readonly desk: RecertificationDesk) {}

  async execute({ whose, page: { limit, after } }: ListReviewItems): Promise<Page<ListedItem>> {
    const found =
      'campaign' in whose
        ? await LISTS[whose.which](this.desk.pool, whose.campaign, limit + 1, after)
        : await this.work(whose.caller, limit + 1, after)
    return { items: found.slice(0, limit).map((item) => ({ item, place: item.place })), hasMore: found.length > limit }
  }

  private async work(caller: Caller, limit: number, after: readonly string[] | undefined): Promise<ListedItem[]> {
    const { key, aliases } = await reviewerOf(this.desk, caller)
    return reviewWork(this.desk.pool, [key, ...aliases], limit, after)
  }
}

/** Undefined: there is none, or it is none of the caller's. */
export class FindReviewItem extends Query<LoadedItem | undefined> {
  constructor(
    readonly id: string,
    readonly knownAt: string | undefined,
    readonly onlyOf: Caller | undefined,
  ) {
    super()
  }
}

@QueryHandler(FindReviewItem)
export class FindReviewItemHandler implements IQueryHandler<FindReviewItem> {
  constructor(@Inject(RECERTIFICATION) private readonly desk: RecertificationDesk) {}

  async execute({ id, knownAt, onlyOf }: FindReviewItem): Promise<LoadedItem | undefined> {
    if (!/^[0-9a-f]{32}$/.test(id)) return undefined
    const until = knownAt === undefined ? undefined : await positionIn(this.desk, knownAt)
    if (onlyOf !== undefined && !(await this.isOf(onlyOf, id))) return undefined
    return (await loadItems(this.desk, [id], until))[0]
  }

  /** By who reviews it now, whatever cut is asked about: whoever it was taken from reads it no more. */
  private async isOf(caller: Caller, id: string): Promise<boolean> {
    const [found] = await loadItems(this.desk, [id])
    return found !== undefined && inPlaceOf(found.state, await reviewerOf(this.desk, caller)) !== undefined
  }
}

async function positionIn(desk: RecertificationDesk, cut: string): Promise<number> {
  const position = positionOfCut(cut)
  if (position === undefined || position > (await desk.summary.newest())) throw new UnknownCut(cut)
  return position
}
