import type { Instant } from '@catena/domain'
import { evaluate, HistoryReader, type Evaluation } from '@catena/governance'
import { AccessReader, type KnownAsOf } from '@catena/projections'
import { Inject } from '@nestjs/common'
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs'
import { DECISIONS, type DecisionDesk } from '../../commands/decision-desk.js'

/** At a moment, as known at a cut; left out: now, or the time that the answer is about. */
export class JudgeCredential extends Query<Evaluation | undefined> {
  constructor(
    readonly asOf: KnownAsOf,
    readonly credential: string,
    readonly on: Instant | undefined,
  ) {
    super()
  }
}

@QueryHandler(JudgeCredential)
export class JudgeCredentialHandler implements IQueryHandler<JudgeCredential> {
  constructor(
    private readonly reader: AccessReader,
    @Inject(DECISIONS) private readonly desk: DecisionDesk,
  ) {}

  async execute({ asOf, credential, on }: JudgeCredential): Promise<Evaluation | undefined> {
    const at = on ?? asOf.validAt ?? this.desk.clock.now()
    const history = await new HistoryReader(this.reader).onDate(asOf, credential, at)
    return history === undefined ? undefined : evaluate(history)
  }
}
