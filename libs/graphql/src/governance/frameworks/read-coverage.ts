import { readCoverage, type CoverageNow } from '@catena/governance'
import { Inject } from '@nestjs/common'
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs'
import { DECISIONS, type DecisionDesk } from '../../commands/decision-desk.js'

export class ReadCoverage extends Query<CoverageNow> {}

@QueryHandler(ReadCoverage)
export class ReadCoverageHandler implements IQueryHandler<ReadCoverage> {
  constructor(@Inject(DECISIONS) private readonly desk: Pick<DecisionDesk, 'pool'>) {}

  execute(): Promise<CoverageNow> {
    return readCoverage(this.desk.pool)
  }
}
