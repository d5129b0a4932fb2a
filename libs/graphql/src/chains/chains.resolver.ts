import type { EvidencePart } from '@catena/domain'
import { QueryBus } from '@nestjs/cqrs'
import { Args, Context, ID, Parent, ResolveField, Resolver } from '@nestjs/graphql'
import { Allow, inVaults } from '../caller/allow.js'
import { CurrentParts } from '../caller/current-caller.js'
import { EvidenceParts } from '../caller/evidence-parts.js'
import { Evidence } from '../evidence/evidence.model.js'
import { toConnection } from '../paging/connection.js'
import { listName } from '../paging/cursor.js'
import { FACT_PLACE, PageArguments, pageRequest } from '../paging/page-arguments.js'
import type { RequestLoaders } from '../request-loaders.js'
import { ChainFilter } from './chain-filter.model.js'
import { Chain, ChainConnection } from './chain.model.js'
import { toFactFilter } from './fact-filter.js'
import { FindChain } from './find-chain.js'
import { ListChains } from './list-chains.js'
import { toChain } from './to-chain.js'

@Allow(inVaults('auditor'), inVaults('security-engineer'))
@Resolver(() => Evidence)
export class ChainsResolver {
  constructor(
    private readonly queries: QueryBus,
    private readonly parts: EvidenceParts,
  ) {}

  @ResolveField(() => ChainConnection, {
    description: 'Who used which credentials of which vaults, and when: newest first.',
  })
  async retrievals(
    @Parent() { asOf }: Evidence,
    @Args('filter', {
      type: () => ChainFilter,
      nullable: true,
      description: 'Which requests; left out: all retrievals.',
    })
    given: ChainFilter | null | undefined,
    @Args() args: PageArguments,
    @Context('loaders') loaders: RequestLoaders,
    @CurrentParts() parts: readonly EvidencePart[] | undefined,
  ): Promise<ChainConnection> {
    const filter = given ?? { retrievalsOnly: true }
    const list = listName('retrievals', filter)
    const request = pageRequest(args, list, FACT_PLACE)
    loaders.spendChains(args.first)
    const query = new ListChains(
      asOf,
      { ...toFactFilter(filter), within: await this.parts.slotsOf(parts) },
      filter.principal ?? undefined,
      request,
    )
    const page = await this.queries.execute(query)
    return { ...toConnection(page, args, { asOf, list }, (chain) => toChain(asOf, chain)), truncated: page.truncated }
  }

  @ResolveField(() => Chain, {
    nullable: true,
    description: 'The chain of one fact; null where this state of knowledge holds no such fact.',
  })
  async chain(
    @Parent() { asOf }: Evidence,
    @Args('factId', { type: () => ID, description: 'Id of the fact, as answers name it.' }) factId: string,
    @Context('loaders') loaders: RequestLoaders,
    @CurrentParts() parts: readonly EvidencePart[] | undefined,
  ): Promise<Chain | null> {
    loaders.spendChains(1)
    const chain = await this.queries.execute(new FindChain(asOf, factId, await this.parts.slotsOf(parts)))
    return chain === undefined ? null : toChain(asOf, chain)
  }
}
