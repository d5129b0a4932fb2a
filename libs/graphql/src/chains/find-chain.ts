import type { Chain } from '@catena/access-chain'
import { AccessReader, idsOf, isWithinParts, type KnownAsOf, type SlotPart } from '@catena/projections'
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs'

export class FindChain extends Query<Chain | undefined> {
  constructor(
    readonly asOf: KnownAsOf,
    readonly factId: string,
    /** Undefined: of any credential. */
    readonly within: readonly SlotPart[] | undefined,
  ) {
    super()
  }
}

@QueryHandler(FindChain)
export class FindChainHandler implements IQueryHandler<FindChain> {
  constructor(private readonly reader: AccessReader) {}

  async execute({ asOf, factId, within }: FindChain): Promise<Chain | undefined> {
    const fact = await this.reader.fact(asOf, factId)
    if (fact === undefined || !isWithinParts(fact.target?.containerName, idsOf(fact.target), within)) return undefined
    return (await this.reader.chains(asOf, [fact]))[0]
  }
}
