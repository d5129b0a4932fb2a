import type { Ledger } from '@catena/ledger'
import { AccessReader } from '@catena/projections'
import { Inject } from '@nestjs/common'
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs'
import { LEDGER } from '../ledger-token.js'
import type { ReadModel } from './evidence.model.js'

export class FindReadModel extends Query<ReadModel> {}

@QueryHandler(FindReadModel)
export class FindReadModelHandler implements IQueryHandler<FindReadModel> {
  constructor(
    private readonly reader: AccessReader,
    @Inject(LEDGER) private readonly ledger: Pick<Ledger, 'head'>,
  ) {}

  async execute(): Promise<ReadModel> {
    // The position first: read after the head it could be beyond it.
    const position = await this.reader.projectedPosition()
    const head = await this.ledger.head()
    return { position, head, lag: head - position }
  }
}
