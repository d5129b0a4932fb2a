import { isRefusal, type Caller, type Refusal } from '@catena/domain'
import type { Page, PageRequest } from '@catena/projections'
import type { DeadLetterEntry, DestinationReport, ExportDesk, ReplayFrom, TestReport } from '@catena/siem'
import { Inject } from '@nestjs/common'
import { Command, CommandHandler, Query, QueryHandler, type ICommandHandler, type IQueryHandler } from '@nestjs/cqrs'
import { decidedBy, DECISIONS, type DecisionDesk } from '../commands/decision-desk.js'
import { EXPORT_DESK } from './export-desk-token.js'

/** Longest wait for the receiver of a test message. */
const TEST_WAIT_MS = 15_000

export class ListDestinations extends Query<Page<DestinationReport>> {
  constructor(readonly page: PageRequest) {
    super()
  }
}

@QueryHandler(ListDestinations)
export class ListDestinationsHandler implements IQueryHandler<ListDestinations> {
  constructor(@Inject(EXPORT_DESK) private readonly desk: Pick<ExportDesk, 'list'>) {}

  async execute({ page: { limit, after } }: ListDestinations): Promise<Page<DestinationReport>> {
    const all = await this.desk.list()
    const rest = all.filter(({ destination: { id } }) => after === undefined || id > (after[0] ?? ''))
    const items = rest.slice(0, limit).map((item) => ({ item, place: [item.destination.id] }))
    return { items, hasMore: rest.length > limit }
  }
}

export class ListDeadLetters extends Query<Page<DeadLetterEntry>> {
  constructor(
    readonly destination: string | undefined,
    readonly page: PageRequest,
  ) {
    super()
  }
}

@QueryHandler(ListDeadLetters)
export class ListDeadLettersHandler implements IQueryHandler<ListDeadLetters> {
  constructor(@Inject(EXPORT_DESK) private readonly desk: Pick<ExportDesk, 'deadLetters'>) {}

  async execute({ destination, page: { limit, after } }: ListDeadLetters): Promise<Page<DeadLetterEntry>> {
    const found = await this.desk.deadLetters({
      limit: limit + 1,
      ...(destination === undefined ? {} : { destination }),
      ...(after === undefined ? {} : { before: Number(after[0]) }),
    })
    const items = found.slice(0, limit).map((item) => ({ item, place: [String(item.id)] }))
    return { items, hasMore: found.length > limit }
  }
}

export type DestinationAction =
  { readonly do: 'PauseDestination' | 'ResumeDestination' } | { readonly do: 'Replay'; readonly from: ReplayFrom }

/** Answers with the destination as it then stands. */
export class ChangeDestination extends Command<DestinationReport | Refusal> {
  constructor(
    readonly id: string,
    readonly action: DestinationAction,
    readonly caller: Caller,
  ) {
    super()
  }
}

@CommandHandler(ChangeDestination)
export class ChangeDestinationHandler implements ICommandHandler<ChangeDestination> {
  constructor(
    @Inject(EXPORT_DESK) private readonly desk: Pick<ExportDesk, 'change' | 'replay' | 'list'>,
    @Inject(DECISIONS) private readonly decisions: Pick<DecisionDesk, 'clock'>,
  ) {}

  async execute({ id, action, caller }: ChangeDestination): Promise<DestinationReport | Refusal> {
    const by = decidedBy(this.decisions, caller)
    const answer = await (action.do === 'Replay' ? this.desk.replay(id, action.from, by) : this.desk.change(action.do, id, by)) // prettier-ignore
    if (isRefusal(answer)) return answer
    const report = (await this.desk.list()).find(({ destination }) => destination.id === id)
    return report ?? { refused: 'NO_SUCH_DESTINATION', message: `${id} was removed in the meantime` }
  }
}

export class TestDestination extends Command<TestReport | Refusal> {
  constructor(readonly id: string) {
    super()
  }
}

@CommandHandler(TestDestination)
export class TestDestinationHandler implements ICommandHandler<TestDestination> {
  constructor(@Inject(EXPORT_DESK) private readonly desk: Pick<ExportDesk, 'test'>) {}

  execute({ id }: TestDestination): Promise<TestReport | Refusal> {
    return this.desk.test(id, TEST_WAIT_MS)
  }
}
