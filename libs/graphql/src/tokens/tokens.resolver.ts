import type { ListedToken } from '@catena/callers'
import type { Caller } from '@catena/domain'
import { cutAt } from '@catena/ledger'
import { CommandBus, QueryBus } from '@nestjs/cqrs'
import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql'
import { Allow, own, type Reach } from '../caller/allow.js'
import { CurrentCaller, CurrentReach } from '../caller/current-caller.js'
import { toResult } from '../commands/refused.model.js'
import { toConnection } from '../paging/connection.js'
import { listName } from '../paging/cursor.js'
import { PageArguments, pageRequest, type PlaceForm } from '../paging/page-arguments.js'
import { IssueApiToken, RevokeApiToken } from './change-tokens.js'
import { ListApiTokens } from './list-api-tokens.js'
import {
  ApiToken,
  ApiTokenConnection,
  ApiTokenInput,
  IssueApiTokenResult,
  IssuedApiToken,
  RevokeApiTokenResult,
  RevokedApiToken,
} from './token.model.js'

const TOKEN_PLACE: PlaceForm = [/^[0-9a-f]{20}$/]
/** Tokens are shown as they stand, whatever the state of knowledge. */
const NOW = { cut: cutAt(0), position: 0 }

@Resolver(() => ApiToken)
export class TokensResolver {
  constructor(
    private readonly queries: QueryBus,
    private readonly commands: CommandBus,
  ) {}

  @Allow('operator', own('auditor'), own('security-engineer'))
  @Query(() => ApiTokenConnection, {
    description: 'Tokens of machines and scripts: all for operators, else one’s own.',
  })
  async apiTokens(
    @Args() args: PageArguments,
    @CurrentCaller() caller: Caller,
    @CurrentReach() reach: Reach,
  ): Promise<ApiTokenConnection> {
    const owner = reach === 'all' ? undefined : caller.id
    const list = listName('apiTokens', owner ?? null)
    const page = await this.queries.execute(new ListApiTokens(owner, pageRequest(args, list, TOKEN_PLACE)))
    return toConnection(page, args, { asOf: NOW, list }, toApiToken)
  }

  @Allow('operator', own('auditor'), own('security-engineer'))
  @Mutation(() => IssueApiTokenResult, { description: 'Issues a token; it is shown in this answer only.' })
  async issueApiToken(
    @Args('input', { type: () => ApiTokenInput, description: 'What it is to be.' }) { owner, ...input }: ApiTokenInput,
    @CurrentCaller() caller: Caller,
    @CurrentReach() reach: Reach,
  ) {
    const asked = { ...input, owner: reach === 'all' ? (owner ?? caller.id) : caller.id }
    const issued = await this.commands.execute(new IssueApiToken(caller, asked))
    return toResult(issued, (token) => Object.assign(new IssuedApiToken(), token))
  }

  @Allow('operator', own('auditor'), own('security-engineer'))
  @Mutation(() => RevokeApiTokenResult, { description: 'Takes a token back: from now on it is refused.' })
  async revokeApiToken(
    @Args('id', { type: () => ID, description: 'Its public part.' }) id: string,
    @Args('reason', { type: () => String, description: 'Why, for the ledger.' }) reason: string,
    @CurrentCaller() caller: Caller,
    @CurrentReach() reach: Reach,
  ) {
    const revoked = await this.commands.execute(new RevokeApiToken(caller, reach, id, reason))
    return toResult(revoked, (token) => Object.assign(new RevokedApiToken(), token))
  }
}

function toApiToken(token: ListedToken): ApiToken {
  const { lastUsedAt, revokedAt, revokedBy } = token
  return { ...token, lastUsedAt: lastUsedAt ?? null, revokedAt: revokedAt ?? null, revokedBy: revokedBy ?? null }
}
