import type { Caller, Key, Refusal } from '@catena/domain'
import { FactDirectory, systemsOf } from '@catena/directory'
import { partyOf } from '@catena/governance'
import { AccessReader } from '@catena/projections'
import { Inject } from '@nestjs/common'
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import { DECISIONS, type DecisionDesk } from '../commands/decision-desk.js'
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
    const groups = await this.groupsOf(party.keys)
    const command = { do: 'ActivateBreakGlass', party, activation, credential, reason, groups } as const
    return decideThing(this.desk, 'break-glass', credential, command, caller)
  }

  private async groupsOf(keys: readonly Key[]): Promise<Key[]> {
    const index = this.reader.index(await this.reader.asOf())
    const directory = new FactDirectory(index, systemsOf(this.reader.settings.sources))
    const memberships = await directory.groupsOf(keys, this.desk.clock.now())
    return [...memberships.values()].flat().map(({ group }) => group)
  }
}
