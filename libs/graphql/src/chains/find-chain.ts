import type { Chain } from '@catena/access-chain'
import { AccessReader, isWithinVaults, type KnownAsOf } from '@catena/projections'
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs'

export class FindChain extends Query<Chain | undefined> {
  constructor(
    readonly asOf: KnownAsOf,
    readonly factId: string,
    /** Undefined: of any vault. */
    readonly vaults: readonly string[] | undefined,
  ) {
    super()
  }
}

@QueryHandler(FindChain)
export class FindChainHandler implements IQueryHandler<FindChain> {
  constructor(private readonly reader: AccessReader) {}

  async execute({ asOf, factId, vaults }: FindChain): Promise<Chain | undefined> {
    const fact = await this.reader.fact(asOf, factId)
    if (fact === undefined || !isWithinVaults(fact.target?.containerName, vaults)) return undefined
    return (await this.reader.chains(asOf, [fact]))[0]
  }
}
