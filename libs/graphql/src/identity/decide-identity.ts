import type { Caller, Key, Refusal } from '@catena/domain'
import { identity, identityStream, type AliasState, type IdentityCommand, type IdentityEvent } from '@catena/identity'
import { handleCommand, type Handled } from '@catena/ledger'
import { AccessReader } from '@catena/projections'
import { Inject } from '@nestjs/common'
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import { DECISIONS, decidedBy, type DecisionDesk } from '../commands/decision-desk.js'
import { withOwnMatters } from '../directory/with-own-matters.js'

export class DecideIdentity extends Command<Handled<AliasState, IdentityEvent> | Refusal> {
  constructor(
    readonly command: IdentityCommand,
    readonly caller: Caller,
  ) {
    super()
  }
}

@CommandHandler(DecideIdentity)
export class DecideIdentityHandler implements ICommandHandler<DecideIdentity> {
  constructor(
    @Inject(DECISIONS) private readonly desk: DecisionDesk,
    private readonly reader: AccessReader,
  ) {}

  async execute({ command: asked, caller }: DecideIdentity): Promise<Handled<AliasState, IdentityEvent> | Refusal> {
    const { keys, alsoKnownAs } = await withOwnMatters(this.reader, caller, this.desk.clock.now())
    const own = { ...asked, ownKeys: [...keys, ...alsoKnownAs] }
    const command = own.do === 'AcceptJoin' ? { ...own, isShared: await this.isShared(own.alias) } : own
    const by = decidedBy(this.desk, caller)
    return handleCommand(this.desk.streams, identity, { stream: identityStream(command.alias), command, by })
  }

  /** As the newest record of it says. */
  private async isShared(alias: Key): Promise<boolean> {
    const newest = (await this.reader.newestBound(await this.reader.asOf(), [alias])).get(alias)
    return newest?.attributes.sharedIdentity !== undefined
  }
}
