import { isRefusal, type Caller, type Decider, type DecisionEvent, type Key, type Refusal } from '@catena/domain'
import {
  partyOf,
  refusedOnRecord,
  rightTo,
  SHARING,
  sharingStream,
  sharingView,
  underRight,
  type SharingCommandOf,
  type SharingKind,
  type Stewardship,
} from '@catena/governance'
import { decideAnew, type StreamVersion } from '@catena/ledger'
import { AccessReader } from '@catena/projections'
import { Inject } from '@nestjs/common'
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import { decideAndShow } from '../commands/decide-and-show.js'
import { DECISIONS, decidedBy, type DecisionDesk } from '../commands/decision-desk.js'
import { groupsOf } from '../directory/groups-of.js'
import { withOwnMatters } from '../directory/with-own-matters.js'
import { slotOf } from '../governance/ownership/slot-of.js'
import { requireCredentials } from './require-credentials.js'

export interface DecidedThing {
  readonly kind: SharingKind
  readonly id: string
  readonly status: string | null
  readonly position: number
}

export class DecideSharing<Kind extends SharingKind = SharingKind> extends Command<DecidedThing | Refusal> {
  constructor(
    readonly kind: Kind,
    readonly id: string,
    readonly command: SharingCommandOf<Kind>,
    readonly caller: Caller,
    /** Credentials that a person named: they must be known. */
    readonly named: readonly string[] = [],
  ) {
    super()
  }
}

@CommandHandler(DecideSharing)
export class DecideSharingHandler implements ICommandHandler<DecideSharing> {
  constructor(
    @Inject(DECISIONS) private readonly desk: DecisionDesk,
    private readonly reader: AccessReader,
  ) {}

  /** By the right that the caller has when it is appended: where owners, their rules or a workflow moved meanwhile, it is asked anew. */
  async execute(asked: DecideSharing): Promise<DecidedThing | Refusal> {
    await requireCredentials(this.reader, this.desk, asked.named)
    return decideAnew(() => this.decide(asked))
  }

  private async decide({ kind, id, command: asked, caller }: DecideSharing): Promise<DecidedThing | Refusal> {
    const { streams, clock } = this.desk
    const command =
      'party' in asked ? { ...asked, party: partyOf(await withOwnMatters(this.reader, caller, clock.now())) } : asked
    const rightDesk = {
      streams,
      slotOf: (credential: string, { registration }: Stewardship) => slotOf(this.reader, credential, registration),
      groupsOf: (keys: readonly Key[]) => groupsOf(this.reader, keys, clock.now()),
    }
    const { right, resting } = await rightTo(rightDesk, caller, { kind, id, command }, decidedBy(this.desk, caller))
    return decideThing(this.desk, kind, id, command, caller, resting, underRight(kind, right))
  }
}

/** A decision that came too late, or too early, is on record and refused. */
export async function decideThing<Kind extends SharingKind>(
  desk: DecisionDesk,
  kind: Kind,
  id: string,
  command: SharingCommandOf<Kind>,
  caller: Caller,
  resting: readonly StreamVersion[] = [],
  rules: (typeof SHARING)[Kind] = SHARING[kind],
): Promise<DecidedThing | Refusal> {
  const decider = rules as unknown as Decider<{ status?: string }, SharingCommandOf<Kind>, DecisionEvent>
  const by = decidedBy(desk, caller)
  const request = { stream: sharingStream(kind, id), command, by, resting }
  const handled = await decideAndShow(desk, sharingView.name, decider, request)
  if (isRefusal(handled)) return handled
  const { state, events, position } = handled
  return refusedOnRecord(events, state.status) ?? { kind, id, status: state.status ?? null, position }
}
