import {
  givableBy,
  makeToken,
  TOKEN_VIEW,
  tokenDecider,
  tokenStream,
  type CallerKeys,
  type TokenRole,
} from '@catena/callers'
import { isRefusal, refusal, type Caller, type Instant, type Refusal } from '@catena/domain'
import { loadStream } from '@catena/ledger'
import { Inject } from '@nestjs/common'
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import type { Reach } from '../caller/allow.js'
import { CALLER_KEYS } from '../caller/caller-keys-token.js'
import { decideAndShow } from '../commands/decide-and-show.js'
import { decidedBy, DECISIONS, type DecisionDesk } from '../commands/decision-desk.js'

export interface AskedToken {
  readonly name: string
  readonly role: TokenRole
  readonly sources: readonly string[]
  readonly expiresAt: Instant
  readonly owner: string
}

export class IssueApiToken extends Command<{ id: string; token: string } | Refusal> {
  constructor(
    readonly caller: Caller,
    readonly asked: AskedToken,
  ) {
    super()
  }
}

@CommandHandler(IssueApiToken)
export class IssueApiTokenHandler implements ICommandHandler<IssueApiToken> {
  constructor(
    @Inject(DECISIONS) private readonly desk: DecisionDesk,
    @Inject(CALLER_KEYS) private readonly keys: CallerKeys,
  ) {}

  async execute({
    caller,
    asked: { role, ...asked },
  }: IssueApiToken): Promise<{ id: string; token: string } | Refusal> {
    const { id, secret, text } = makeToken()
    const [hash, givable] = [this.keys.tokenHash(secret), givableBy(caller.roles)]
    const handled = await decideAndShow(this.desk, TOKEN_VIEW.name, tokenDecider, {
      stream: tokenStream(id),
      command: { type: 'IssueToken', id, hash, givable, roles: [role], ...asked },
      by: decidedBy(this.desk, caller),
    })
    return isRefusal(handled) ? handled : { id, token: text }
  }
}

export class RevokeApiToken extends Command<{ id: string } | Refusal> {
  constructor(
    readonly caller: Caller,
    readonly reach: Reach | undefined,
    readonly id: string,
    readonly reason: string,
  ) {
    super()
  }
}

@CommandHandler(RevokeApiToken)
export class RevokeApiTokenHandler implements ICommandHandler<RevokeApiToken> {
  constructor(@Inject(DECISIONS) private readonly desk: DecisionDesk) {}

  async execute({ caller, reach, id, reason }: RevokeApiToken): Promise<{ id: string } | Refusal> {
    const stream = tokenStream(id)
    const { state } = await loadStream(this.desk.streams, tokenDecider, stream)
    // Somebody else's token looks to them as one that is not there.
    if (reach !== 'all' && (state.status === 'none' || state.owner !== caller.id)) return NO_SUCH_TOKEN
    const command = { type: 'RevokeToken', reason } as const
    const handled = await decideAndShow(this.desk, TOKEN_VIEW.name, tokenDecider, {
      stream,
      command,
      by: decidedBy(this.desk, caller),
    })
    return isRefusal(handled) ? handled : { id }
  }
}

const NO_SUCH_TOKEN = refusal('NO_SUCH_TOKEN', 'there is no token of this id: look into the list')
