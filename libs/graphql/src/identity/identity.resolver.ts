import type { Caller, Instant, Key } from '@catena/domain'
import type { IdentityCommand } from '@catena/identity'
import { CommandBus, QueryBus } from '@nestjs/cqrs'
import { Args, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql'
import { Allow } from '../caller/allow.js'
import { CurrentCaller } from '../caller/current-caller.js'
import { toResult } from '../commands/refused.model.js'
import { Evidence } from '../evidence/evidence.model.js'
import { toConnection } from '../paging/connection.js'
import { connectionTypeOf } from '../paging/connection.js'
import { listName } from '../paging/cursor.js'
import { PageArguments, pageRequest, RANK_PLACE } from '../paging/page-arguments.js'
import { pageIn } from '../paging/page-in.js'
import { DateTime } from '../scalars/index.js'
import { ObjectType } from '@nestjs/graphql'
import { DecideIdentity } from './decide-identity.js'
import { IdentityDecided, IdentityPair, IdentityResult, IdentitySuggestion, JoinSpan } from './identity.model.js'
import { ListSuggestions } from './list-suggestions.js'

@ObjectType({ description: 'A page of suggestions, by text.' })
export class IdentitySuggestionConnection extends connectionTypeOf(
  'IdentitySuggestion',
  'suggestions',
  () => IdentitySuggestion,
) {}

@Allow('auditor', 'security-engineer')
@Resolver(() => Evidence)
export class IdentityResolver {
  constructor(
    private readonly queries: QueryBus,
    private readonly commands: CommandBus,
  ) {}

  @ResolveField(() => IdentitySuggestionConnection, {
    description: 'Names that read alike in several systems and that nobody has decided on. They join nothing.',
  })
  async identitySuggestions(
    @Parent() { asOf }: Evidence,
    @Args() args: PageArguments,
  ): Promise<IdentitySuggestionConnection> {
    const list = listName('identitySuggestions', {})
    const request = pageRequest(args, list, RANK_PLACE)
    const all = await this.queries.execute(new ListSuggestions(asOf))
    return toConnection(pageIn(all, request), args, { asOf, list }, ({ evidence, ...rest }) => ({
      ...rest,
      positions: evidence,
      asOf,
    }))
  }

  @Allow('security-engineer')
  @Mutation(() => IdentityResult, {
    description:
      'Joins a name to a person. From now on chains say so, at most inferred, with the caveat of an operator\u2019s join.',
  })
  acceptIdentityJoin(
    @Args('pair', { type: () => IdentityPair, description: 'The name and the person.' }) pair: IdentityPair,
    @Args('span', { type: () => JoinSpan, nullable: true, description: 'The times of which it tells.' })
    span: JoinSpan | null | undefined,
    @CurrentCaller() caller: Caller,
  ): Promise<object> {
    const bounds = { ...(span?.from == null ? {} : { from: span.from }), ...(span?.to == null ? {} : { to: span.to }) }
    return this.decide({ do: 'AcceptJoin', ...plain(pair), ...bounds, isShared: false, ownKeys: caller.keys }, caller)
  }

  @Allow('security-engineer')
  @Mutation(() => IdentityResult, {
    description: 'Says that a name is not that person\u2019s: it is suggested no more.',
  })
  rejectIdentityJoin(
    @Args('pair', { type: () => IdentityPair, description: 'The name and the person.' }) pair: IdentityPair,
    @CurrentCaller() caller: Caller,
  ): Promise<object> {
    return this.decide({ do: 'RejectJoin', ...plain(pair), ownKeys: caller.keys }, caller)
  }

  @Allow('security-engineer')
  @Mutation(() => IdentityResult, { description: 'Ends a join at a time: from then on it tells of nothing.' })
  endIdentityJoin(
    @Args('pair', { type: () => IdentityPair, description: 'The name and the person.' }) pair: IdentityPair,
    @Args('to', { type: () => DateTime, description: 'Until when the name was the person\u2019s.' }) to: Instant,
    @CurrentCaller() caller: Caller,
  ): Promise<object> {
    return this.decide({ do: 'EndJoin', ...plain(pair), to, ownKeys: caller.keys }, caller)
  }

  private async decide(command: IdentityCommand, caller: Caller): Promise<object> {
    const answer = await this.commands.execute(new DecideIdentity(command, caller))
    return toResult(answer, ({ state, position }) =>
      Object.assign(new IdentityDecided(), {
        alias: command.alias,
        joinedTo: state.joins.map(({ principal }) => principal),
        position,
      }),
    )
  }
}

function plain({ alias, principal, reason }: IdentityPair): { alias: Key; principal: Key; reason: string } {
  return { alias, principal, reason }
}
