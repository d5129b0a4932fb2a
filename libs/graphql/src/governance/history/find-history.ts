import type { Instant } from '@catena/domain'
import { HistoryReader, type CredentialHistory } from '@catena/governance'
import { AccessReader, type KnownAsOf } from '@catena/projections'
import { Inject } from '@nestjs/common'
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs'
import { DECISIONS, type DecisionDesk } from '../../commands/decision-desk.js'

/** It walks all chains of its credential: it counts like so many. */
export const CHAINS_OF_A_HISTORY = 50

/** Of a credential, at a moment, as known at a cut; left out: now, or the time that the answer is about. */
export class FindHistory extends Query<CredentialHistory | undefined> {
  constructor(
    readonly asOf: KnownAsOf,
    readonly credential: string,
    readonly on: Instant | undefined,
  ) {
    super()
  }
}

@QueryHandler(FindHistory)
export class FindHistoryHandler implements IQueryHandler<FindHistory> {
  constructor(
    private readonly reader: AccessReader,
    @Inject(DECISIONS) private readonly desk: Pick<DecisionDesk, 'clock'>,
  ) {}

  execute({ asOf, credential, on }: FindHistory): Promise<CredentialHistory | undefined> {
    return new HistoryReader(this.reader).onDate(asOf, credential, on ?? asOf.validAt ?? this.desk.clock.now())
  }
}
