import { isRefusal, type Caller, type Decider, type DecisionEvent, type Refusal } from '@catena/domain'
import { refusedOnRecord, SHARING, sharingStream, sharingView, type SharingKind } from '@catena/governance'
import type { StreamVersion } from '@catena/ledger'
import { AccessReader } from '@catena/projections'
import { Inject } from '@nestjs/common'
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import { decideAndShow } from '../commands/decide-and-show.js'
import { DECISIONS, decidedBy, type DecisionDesk } from '../commands/decision-desk.js'
import { requireCredentials } from './require-credentials.js'

/** The commands of one kind of sharing. */
export type SharingCommandOf<Kind extends SharingKind> = Parameters<(typeof SHARING)[Kind]['decide']>[1]

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

  async execute({ kind, id, command, caller, named }: DecideSharing): Promise<DecidedThing | Refusal> {
    await requireCredentials(this.reader, this.desk, named)
    return decideThing(this.desk, kind, id, command, caller)
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
): Promise<DecidedThing | Refusal> {
  const decider = SHARING[kind] as unknown as Decider<{ status?: string }, SharingCommandOf<Kind>, DecisionEvent>
  const by = decidedBy(desk, caller)
  const request = { stream: sharingStream(kind, id), command, by, resting }
  const handled = await decideAndShow(desk, sharingView.name, decider, request)
  if (isRefusal(handled)) return handled
  const { state, events, position } = handled
  return refusedOnRecord(events, state.status) ?? { kind, id, status: state.status ?? null, position }
}
