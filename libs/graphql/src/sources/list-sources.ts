import type { Coverage } from '@catena/access-chain'
import type { Instant, SourceInstance } from '@catena/domain'
import type {
  IntakeCounts,
  IntakeHealth,
  IntakeReports,
  LaneAccount,
  LaneState,
  Ledger,
  SourceDelay,
} from '@catena/ledger'
import { AccessReader, type KnownAsOf } from '@catena/projections'
import { Inject } from '@nestjs/common'
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs'
import { LEDGER } from '../ledger-token.js'

export interface SourceReport {
  readonly source: SourceInstance
  readonly intake: readonly IntakeCounts[]
  readonly lanes: readonly LaneState[]
  /** Of all lanes. */
  readonly accounts: readonly LaneAccount[]
  readonly delay: SourceDelay | undefined
  readonly coverage: Coverage | undefined
  /** Records that its connector failed on. */
  readonly notInterpreted: number
  /** When this was read. */
  readonly now: Instant
}

export class ListSources extends Query<SourceReport[]> {
  constructor(readonly asOf: KnownAsOf) {
    super()
  }
}

@QueryHandler(ListSources)
export class ListSourcesHandler implements IQueryHandler<ListSources> {
  constructor(
    private readonly reader: AccessReader,
    @Inject(LEDGER)
    private readonly ledger: Pick<Ledger, 'intake'> & Pick<IntakeReports, 'lanes'> & IntakeHealth,
  ) {}

  async execute({ asOf }: ListSources): Promise<SourceReport[]> {
    const [counts, lanes] = [await this.ledger.intake(), await this.ledger.lanes()]
    const [{ lanes: accounts }, delays] = [await this.ledger.conservation(), await this.ledger.delays()]
    const failed = await this.reader.notInterpreted(asOf)
    const now = Date.now()
    const index = this.reader.index(asOf)
    return Promise.all(
      this.reader.settings.sources.map(async (source) => ({
        source,
        intake: counts.filter((count) => count.source === source.id),
        lanes,
        accounts,
        delay: delays.find((delay) => delay.source === source.id),
        now,
        coverage: await index.coverage(source.id),
        notInterpreted: failed.filter((one) => one.source === source.id).reduce((sum, { facts }) => sum + facts, 0),
      })),
    )
  }
}
