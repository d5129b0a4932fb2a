import { backtest, HistoryReader, type Backtest, type Trial } from '@catena/governance'
import { AccessReader, type KnownAsOf } from '@catena/projections'
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs'

/** Over a past period of one credential, by all that is known at the cut. */
export class TryControl extends Query<Backtest> {
  constructor(
    readonly asOf: KnownAsOf,
    readonly credential: string,
    readonly trial: Trial,
  ) {
    super()
  }
}

@QueryHandler(TryControl)
export class TryControlHandler implements IQueryHandler<TryControl> {
  constructor(private readonly reader: AccessReader) {}

  execute({ asOf, credential, trial }: TryControl): Promise<Backtest> {
    const histories = new HistoryReader(this.reader)
    return backtest(trial, (at) => histories.onDate(asOf, credential, at))
  }
}
