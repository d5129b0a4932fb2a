import { definitionOf, scopeOf } from '@catena/domain'
import { QueryBus } from '@nestjs/cqrs'
import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql'
import { Allow } from '../caller/allow.js'
import { ChainConnection } from '../chains/chain.model.js'
import { toChain } from '../chains/to-chain.js'
import { Evidence } from '../evidence/evidence.model.js'
import { toConnection } from '../paging/connection.js'
import { listName } from '../paging/cursor.js'
import { FACT_PLACE, PageArguments, pageRequest } from '../paging/page-arguments.js'
import type { RequestLoaders } from '../request-loaders.js'
import { FindKeys, FollowKeys } from './follow-keys.js'
import { Lookup } from './lookup.model.js'

@Allow('auditor', 'security-engineer')
@Resolver(() => Evidence)
export class LookupResolver {
  constructor(private readonly queries: QueryBus) {}

  @ResolveField(() => Lookup, { description: 'What a word of a ticket or a log may mean, and where it leads.' })
  async lookup(
    @Parent() { asOf }: Evidence,
    @Args('term', {
      type: () => String,
      description: 'An accessor, lease, run, session, login, e-mail address or whole key.',
    })
    term: string,
  ): Promise<Lookup> {
    const keys = await this.queries.execute(new FindKeys(asOf, term))
    const meanings = keys.map((key) => ({ key, kind: definitionOf(key).noun, system: scopeOf(key) }))
    return { term, meanings, asOf }
  }
}

@Allow('auditor', 'security-engineer')
@Resolver(() => Lookup)
export class LookupChainsResolver {
  constructor(private readonly queries: QueryBus) {}

  @ResolveField(() => ChainConnection, { description: 'Retrievals that made one of these things or came through it.' })
  async chains(
    @Parent() { asOf, meanings }: Lookup,
    @Args() args: PageArguments,
    @Context('loaders') loaders: RequestLoaders,
  ): Promise<ChainConnection> {
    const keys = meanings.map(({ key }) => key)
    const list = listName('lookup.chains', keys)
    const request = pageRequest(args, list, FACT_PLACE)
    loaders.spendChains(args.first)
    const page = await this.queries.execute(new FollowKeys(asOf, keys, request))
    return { ...toConnection(page, args, { asOf, list }, (chain) => toChain(asOf, chain)), truncated: page.truncated }
  }
}
