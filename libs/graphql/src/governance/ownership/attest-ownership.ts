import { FactDirectory, systemsOf } from '@catena/directory'
import type { Caller, Key, Refusal } from '@catena/domain'
import { ownerOf, readOwnershipRules, readStewardships, UNSTEWARDED, type StewardshipRefusal } from '@catena/governance'
import { AccessReader } from '@catena/projections'
import { Inject } from '@nestjs/common'
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import { DECISIONS, type DecisionDesk } from '../../commands/decision-desk.js'
import { decideOnCredential } from './decide-on-credential.js'

export class AttestOwnership extends Command<{ readonly position: number } | Refusal<StewardshipRefusal>> {
  constructor(
    readonly credential: string,
    readonly caller: Caller,
  ) {
    super()
  }
}

/** The owner in force attests, assigned by name or by a rule: the person, or somebody in the team now. */
@CommandHandler(AttestOwnership)
export class AttestOwnershipHandler implements ICommandHandler<AttestOwnership> {
  constructor(
    @Inject(DECISIONS) private readonly desk: DecisionDesk,
    private readonly reader: AccessReader,
  ) {}

  async execute({ credential, caller }: AttestOwnership) {
    const own = [caller.id as Key, ...caller.keys]
    const command = {
      do: 'AttestOwnership',
      credential,
      owner: await this.ownerInForce(credential),
      actsFor: [...own, ...(await this.groupsOf(own))],
    } as const
    return decideOnCredential(this.desk, command, caller)
  }

  private async ownerInForce(credential: string): Promise<Key | undefined> {
    const asOf = await this.reader.asOf()
    const [entry, stewardships, rules] = [
      await this.reader.credential(asOf, credential),
      await readStewardships(this.desk.pool, Number.MAX_SAFE_INTEGER, [credential]),
      await readOwnershipRules(this.desk.pool, Number.MAX_SAFE_INTEGER),
    ]
    const stewardship = stewardships.get(credential) ?? UNSTEWARDED
    const slot =
      entry === undefined
        ? stewardship.registration
        : { system: entry.system, container: entry.containerName, path: entry.path }
    return slot === undefined ? undefined : ownerOf(stewardship, rules, slot)?.key
  }

  /** Groups that a directory has the person in now. */
  private async groupsOf(keys: readonly Key[]): Promise<Key[]> {
    const directory = new FactDirectory(
      this.reader.index(await this.reader.asOf()),
      systemsOf(this.reader.settings.sources),
    )
    const groups = await directory.groupsOf(keys, this.desk.clock.now())
    return [...groups.values()].flatMap((memberships) => memberships.map(({ group }) => group))
  }
}
