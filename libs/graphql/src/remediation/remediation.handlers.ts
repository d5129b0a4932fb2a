import { isRefusal, refusal, type Caller, type Refusal } from '@catena/domain'
import { loadStream } from '@catena/ledger'
import type { Page, PageRequest } from '@catena/projections'
import { course, courseStream, courseView, listOrders, type CourseEntry } from '@catena/remediation'
import { Inject } from '@nestjs/common'
import { Command, CommandHandler, Query, QueryHandler, type ICommandHandler, type IQueryHandler } from '@nestjs/cqrs'
import { decideAndShow } from '../commands/decide-and-show.js'
import { decidedBy, DECISIONS, type DecisionDesk } from '../commands/decision-desk.js'

export class ListRemediationOrders extends Query<Page<CourseEntry>> {
  constructor(
    readonly filter: { readonly campaign: string | undefined; readonly status: string | undefined },
    readonly page: PageRequest,
  ) {
    super()
  }
}

@QueryHandler(ListRemediationOrders)
export class ListRemediationOrdersHandler implements IQueryHandler<ListRemediationOrders> {
  constructor(@Inject(DECISIONS) private readonly desk: Pick<DecisionDesk, 'pool'>) {}

  async execute({ filter, page }: ListRemediationOrders): Promise<Page<CourseEntry>> {
    const { entries, hasMore } = await listOrders(this.desk.pool, filter, {
      limit: page.limit,
      after: page.after?.[0],
    })
    return { items: entries.map((item) => ({ item, place: [item.order] })), hasMore }
  }
}

export class ReleaseRemediation extends Command<CourseEntry | Refusal> {
  constructor(
    readonly order: string,
    readonly reason: string,
    readonly caller: Caller,
  ) {
    super()
  }
}

@CommandHandler(ReleaseRemediation)
export class ReleaseRemediationHandler implements ICommandHandler<ReleaseRemediation> {
  constructor(@Inject(DECISIONS) private readonly desk: DecisionDesk) {}

  async execute({ order, reason, caller }: ReleaseRemediation): Promise<CourseEntry | Refusal> {
    const stream = courseStream(order)
    const { state } = await loadStream(this.desk.streams, course, stream)
    if (state.status === 'none') return refusal('NO_ORDER', 'there is no such order: take its id from an answer')
    const command = { do: 'Release' as const, reason, order, item: state.item, campaign: state.campaign }
    const by = decidedBy(this.desk, caller)
    const handled = await decideAndShow(this.desk, courseView.name, course, { stream, command, by })
    return isRefusal(handled) ? handled : { order, ...handled.state }
  }
}
