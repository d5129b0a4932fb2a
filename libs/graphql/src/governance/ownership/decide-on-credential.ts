import {
  stewardship,
  stewardshipStream,
  stewardshipView,
  readOwnershipRules,
  readStewardships,
  type OwnershipRules,
  type Stewardship,
  type StewardshipCommand,
  type StewardshipRefusal,
} from '@catena/governance'
import type { Caller, Refusal } from '@catena/domain'
import { AccessReader } from '@catena/projections'
import { Inject } from '@nestjs/common'
import { Command, CommandHandler, Query, QueryHandler, type ICommandHandler, type IQueryHandler } from '@nestjs/cqrs'
import { decideAndShow } from '../../commands/decide-and-show.js'
import { decidedBy, DECISIONS, type DecisionDesk } from '../../commands/decision-desk.js'
import { requireCredentials } from '../../sharing/require-credentials.js'

export class DecideOnCredential extends Command<{ readonly position: number } | Refusal<StewardshipRefusal>> {
  constructor(
    readonly command: StewardshipCommand,
    readonly caller: Caller,
  ) {
    super()
  }
}

@CommandHandler(DecideOnCredential)
export class DecideOnCredentialHandler implements ICommandHandler<DecideOnCredential> {
  constructor(
    @Inject(DECISIONS) private readonly desk: DecisionDesk,
    private readonly reader: AccessReader,
  ) {}

  /** Throws BAD_USER_INPUT where the credential is not known: what is said of a misspelt one would be lost. */
  async execute({ command, caller }: DecideOnCredential) {
    if (command.do !== 'RegisterCredential') await requireCredentials(this.reader, this.desk, [command.credential])
    return decideOnCredential(this.desk, command, caller)
  }
}

export function decideOnCredential(desk: DecisionDesk, command: StewardshipCommand, caller: Caller) {
  const stream = stewardshipStream(command.credential)
  return decideAndShow(desk, stewardshipView.name, stewardship, { stream, command, by: decidedBy(desk, caller) })
}

export interface Stewarded {
  readonly stewardship: Stewardship | undefined
  readonly rules: OwnershipRules
}

/** Up to a position. */
export class FindStewardship extends Query<Stewarded> {
  constructor(
    readonly credential: string,
    readonly position: number,
  ) {
    super()
  }
}

@QueryHandler(FindStewardship)
export class FindStewardshipHandler implements IQueryHandler<FindStewardship> {
  constructor(@Inject(DECISIONS) private readonly desk: DecisionDesk) {}

  async execute({ credential, position }: FindStewardship): Promise<Stewarded> {
    const { pool } = this.desk
    const found = await readStewardships(pool, position, [credential])
    return { stewardship: found.get(credential), rules: await readOwnershipRules(pool, position) }
  }
}
