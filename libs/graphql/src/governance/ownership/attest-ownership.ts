import type { Caller, Key, Refusal } from '@catena/domain'
import { ownerOf, readOwnershipRules, readStewardships, UNSTEWARDED, type StewardshipRefusal } from '@catena/governance'
import { AccessReader } from '@catena/projections'
import { Inject } from '@nestjs/common'
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import { DECISIONS, type DecisionDesk } from '../../commands/decision-desk.js'
import { groupsOf } from '../../directory/groups-of.js'
import { decideOnCredential } from './decide-on-credential.js'
import { slotOf } from './slot-of.js'

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
      actsFor: [...own, ...(await groupsOf(this.reader, own, this.desk.clock.now()))],
    } as const
    return decideOnCredential(this.desk, command, caller)
  }

  private async ownerInForce(credential: string): Promise<Key | undefined> {
    const [stewardships, rules] = [
      await readStewardships(this.desk.pool, Number.MAX_SAFE_INTEGER, [credential]),
      await readOwnershipRules(this.desk.pool, Number.MAX_SAFE_INTEGER),
    ]
    const stewardship = stewardships.get(credential) ?? UNSTEWARDED
    const slot = await slotOf(this.reader, credential, stewardship.registration)
    return slot === undefined ? undefined : ownerOf(stewardship, rules, slot)?.key
  }
}
