import type { Caller, Refusal } from '@catena/domain'
import { partyOf } from '@catena/governance'
import { AccessReader } from '@catena/projections'
import { Inject } from '@nestjs/common'
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import { DECISIONS, type DecisionDesk } from '../commands/decision-desk.js'
import { groupsOf } from '../directory/groups-of.js'
import { decideThing, type DecidedThing } from './decide-sharing.js'
import { requireCredentials } from './require-credentials.js'

export class ActivateBreakGlass extends Command<DecidedThing | Refusal> {
  constructor(
    readonly credential: string,
    readonly activation: string,
    readonly reason: string,
    readonly caller: Caller,
  ) {
    super()
  }
}

@CommandHandler(ActivateBreakGlass)
export class ActivateBreakGlassHandler implements ICommandHandler<ActivateBreakGlass> {
  constructor(
    @Inject(DECISIONS) private readonly desk: DecisionDesk,
    private readonly reader: AccessReader,
  ) {}

  async execute({ credential, activation, reason, caller }: ActivateBreakGlass): Promise<DecidedThing | Refusal> {
    await requireCredentials(this.reader, this.desk, [credential])
    const party = partyOf(caller)
    const groups = await groupsOf(this.reader, party.keys, this.desk.clock.now())
    const command = { do: 'ActivateBreakGlass', party, activation, credential, reason, groups } as const
    return decideThing(this.desk, 'break-glass', credential, command, caller)
  }
}
