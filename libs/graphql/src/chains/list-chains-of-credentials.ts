import type { Chain } from '@catena/access-chain'
import { AccessReader, type KnownAsOf, type Page } from '@catena/projections'
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs'

/** The newest chains of each credential, in the order given: one look-up and one walk for all. */
export class ListChainsOfCredentials extends Query<Page<Chain>[]> {
  constructor(
    readonly asOf: KnownAsOf,
    readonly credentials: readonly string[],
    readonly first: number,
  ) {
    super()
  }
}

@QueryHandler(ListChainsOfCredentials)
export class ListChainsOfCredentialsHandler implements IQueryHandler<ListChainsOfCredentials> {
  constructor(private readonly reader: AccessReader) {}

  async execute({ asOf, credentials, first }: ListChainsOfCredentials): Promise<Page<Chain>[]> {
    const pages = await this.reader.factsOfCredentials(asOf, credentials, first)
    const facts = pages.flatMap(({ items }) => items.map(({ item }) => item))
    const chains = (await this.reader.chains(asOf, facts)).values()
    return pages.map(({ items, hasMore }) => ({
      items: items.map(({ place }) => ({ item: chains.next().value as Chain, place })),
      hasMore,
    }))
  }
}
