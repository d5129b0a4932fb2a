import { scopeOf } from '@catena/domain'
import type { KnownAsOf } from '@catena/projections'
import { QueryBus } from '@nestjs/cqrs'
import { Args, Context, Field, InputType, Parent, ResolveField, Resolver } from '@nestjs/graphql'
import { Allow } from '../caller/allow.js'
import { requirePlain } from '../chains/fact-filter.js'
import { Evidence } from '../evidence/evidence.model.js'
import { toConnection } from '../paging/connection.js'
import { listName } from '../paging/cursor.js'
import { KEY_PLACE, PageArguments, pageRequest } from '../paging/page-arguments.js'
import type { RequestLoaders } from '../request-loaders.js'
import { aliasesOf, nameOf, registeredAs, stateOf } from './describe.js'
import { ListPrincipals, type PrincipalEntry } from './list-principals.js'
import { Alias, Principal, PrincipalConnection, PrincipalKinds, type PrincipalKind } from './principal.model.js'

@InputType({ description: 'Which principals; every member narrows.' })
export class PrincipalFilter {
  @Field(() => [PrincipalKinds], { nullable: true, description: 'Of these kinds; left out: all.' })
  readonly kinds?: PrincipalKind[] | null

  @Field(() => String, {
    nullable: true,
    description: 'Whose key contains this text, or, of persons, whose login name or e-mail address does; in any case.',
  })
  readonly search?: string | null
}

@Allow('auditor', 'security-engineer')
@Resolver(() => Evidence)
export class PrincipalsResolver {
  constructor(private readonly queries: QueryBus) {}

  @ResolveField(() => PrincipalConnection, {
    description: 'Persons, workloads, accounts and entities that records speak of.',
  })
  async principals(
    @Parent() { asOf }: Evidence,
    @Args('filter', { type: () => PrincipalFilter, nullable: true, description: 'Which principals; left out: all.' })
    filter: PrincipalFilter | null | undefined,
    @Args() args: PageArguments,
  ): Promise<PrincipalConnection> {
    const list = listName('principals', filter ?? {})
    const request = pageRequest(args, list, KEY_PLACE)
    requirePlain(filter?.search)
    const kinds = filter?.kinds ?? Object.values(PrincipalKinds)
    const page = await this.queries.execute(new ListPrincipals(asOf, kinds, filter?.search ?? undefined, request))
    return toConnection(page, args, { asOf, list }, (entry) => toPrincipal(asOf, entry))
  }
}

@Allow('auditor', 'security-engineer')
@Resolver(() => Principal)
export class PrincipalResolver {
  @ResolveField(() => [Alias], { description: 'The names under which records speak of it.' })
  async aliases(@Parent() principal: Principal, @Context('loaders') loaders: RequestLoaders): Promise<Alias[]> {
    return aliasesOf(principal.asOf, principal.key, await descriptionsOf(principal, loaders))
  }

  @ResolveField(() => Boolean, {
    nullable: true,
    description: 'May its account be used? Null where no directory says.',
  })
  async enabled(@Parent() principal: Principal, @Context('loaders') loaders: RequestLoaders): Promise<boolean | null> {
    return stateOf(principal.asOf, await descriptionsOf(principal, loaders)).enabled
  }

  @ResolveField(() => Boolean, {
    nullable: true,
    description: 'Was its account deleted? Null where no directory says.',
  })
  async deleted(@Parent() principal: Principal, @Context('loaders') loaders: RequestLoaders): Promise<boolean | null> {
    return stateOf(principal.asOf, await descriptionsOf(principal, loaders)).deleted
  }
}

function descriptionsOf(principal: Principal, loaders: RequestLoaders) {
  return principal.descriptions ?? loaders.descriptionsOf(principal.asOf, principal.key)
}

function toPrincipal(asOf: KnownAsOf, { key, kind, descriptions, naming }: PrincipalEntry): Principal {
  const name = nameOf(key, descriptions, naming)
  return { key, kind, name, system: scopeOf(key), asOf, descriptions, ...registeredAs(asOf, descriptions) }
}
