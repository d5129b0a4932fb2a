import { rankLeastDefensible, type Ranking } from '@catena/governance'
import { AccessReader } from '@catena/projections'
import { Inject } from '@nestjs/common'
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs'
import { DECISIONS, type DecisionDesk } from '../../commands/decision-desk.js'

export class RankCredentials extends Query<Ranking> {}

@QueryHandler(RankCredentials)
export class RankCredentialsHandler implements IQueryHandler<RankCredentials> {
  constructor(
    private readonly reader: AccessReader,
    @Inject(DECISIONS) private readonly desk: Pick<DecisionDesk, 'clock'>,
  ) {}

  execute(): Promise<Ranking> {
    return rankLeastDefensible(this.reader, this.desk.clock.now())
  }
}
