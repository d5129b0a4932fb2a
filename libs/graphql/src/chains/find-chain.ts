import type { Chain } from '@catena/access-chain'
import { AccessReader, type KnownAsOf } from '@catena/projections'
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs'

export class FindChain extends Query<Chain | undefined> {
  constructor(
    readonly asOf: KnownAsOf,
    readonly factId: string,
  ) {
    super()
  }
}

@QueryHandler(FindChain)
export class FindChainHandler implements IQueryHandler<FindChain> {
  constructor(private readonly reader: AccessReader) {}

  async execute({ asOf, factId }: FindChain): Promise<Chain | undefined> {
    const fact = await this.reader.fact(asOf, factId)
    return fact === undefined ? undefined : (await this.reader.chains(asOf, [fact]))[0]
  }
}
