import { withContents, type Chain } from '@catena/access-chain'
import type { Activity } from '@catena/domain'
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
    if (fact === undefined) return undefined
    const index = this.reader.index(asOf)
    const isWithin = ({ target }: Activity): boolean => isWithinParts(target?.containerName, idsOf(target), within)
    // Who may see one of several credentials must not learn of the others.
    if (!(await withContents(index, [fact])).every(isWithin)) return undefined
    return (await this.reader.chains(asOf, [fact], index))[0]
  }
}
