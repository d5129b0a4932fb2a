import { causesOf, recordedVerdicts, verdictStream, type CausedChange, type VerdictChanged } from '@catena/governance'
import { decodeDecision, liftDecision } from '@catena/ledger'
import type { KnownAsOf } from '@catena/projections'
import { Inject } from '@nestjs/common'
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs'
import { DECISIONS, type DecisionDesk } from '../../commands/decision-desk.js'

/** Newest first, as recorded up to the cut. */
export class ListVerdictChanges extends Query<readonly CausedChange[]> {
  constructor(
    readonly asOf: KnownAsOf,
    readonly credential: string,
    readonly control: string | undefined,
  ) {
    super()
  }
}

@QueryHandler(ListVerdictChanges)
export class ListVerdictChangesHandler implements IQueryHandler<ListVerdictChanges> {
  constructor(@Inject(DECISIONS) private readonly desk: Pick<DecisionDesk, 'streams'>) {}

  async execute({ asOf, credential, control }: ListVerdictChanges): Promise<readonly CausedChange[]> {
    const events = await this.desk.streams.readStream(verdictStream(credential))
    const recorded = events.filter(({ position }) => position <= asOf.position).flatMap((event) => decodeDecision(event) ?? [])
    const lifted = recorded.map((decision) => liftDecision<VerdictChanged>(recordedVerdicts, decision))
    const all = causesOf(lifted.map(({ event: { data }, position }) => ({ data, position })))
    return all.filter(({ change }) => control === undefined || change.control === control).reverse()
  }
} // prettier-ignore
