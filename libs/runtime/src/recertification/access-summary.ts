import { openCounts } from './open-counts.js'
import { sourceHealth } from '@catena/ledger'
import type { AccessReader } from '@catena/projections'
import type { AccessRow, AccessSummary, SourceCompleteness, SummaryCut } from '@catena/recertification'
import type { Instance } from '../instance.js'
import { accessRowsOf } from './access-rows.js'

/** Credentials read at once. */
const PAGE = 100

/** Walks every retrieval: right, and as slow as that. A materialised summary can take its place behind the same port. */
export class WalkedAccessSummary implements AccessSummary {
  readonly version = 'walked-1'

  constructor(
    private readonly reader: AccessReader,
    private readonly instance: Pick<Instance, 'ledger' | 'configuration'>,
    private readonly now: () => number,
  ) {}

  newest(): Promise<number> {
    return this.reader.projectedPosition()
  }

  async *rows(cut: SummaryCut): AsyncGenerator<AccessRow> {
    let after: readonly string[] | undefined
    for (;;) {
      const page = await this.reader.credentials(cut, {}, { limit: PAGE, after })
      for (const { item } of page.items) yield* await accessRowsOf(this.reader, cut, item)
      if (!page.hasMore) return
      after = page.items.at(-1)?.place
    }
  }

  async rowsOf(credential: string, cut: SummaryCut): Promise<AccessRow[]> {
    const entry = await this.reader.credential(cut, credential)
    return entry === undefined ? [] : accessRowsOf(this.reader, cut, entry)
  }

  /** Gaps are declared; lateness is that of the moment. */
  async completeness({ position }: SummaryCut): Promise<SourceCompleteness[]> {
    const { ledger, configuration } = this.instance
    const [intake, quarantine] = await Promise.all([ledger.intake(), openCounts(ledger)])
    return configuration.sources.map((source) => {
      const own = intake.filter((one) => one.source === source.id)
      const health = sourceHealth(source, own, this.now())
      return {
        source: source.id,
        lastPosition: position,
        lastHeardAt: latest(own.map(({ lastReceivedAt }) => lastReceivedAt)),
        isLate: health.status === 'silent',
        gaps: source.gaps,
        stored: own.reduce((sum, { stored }) => sum + stored, 0),
        quarantined: quarantine.get(source.id) ?? 0,
      }
    })
  }
}

function latest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined)
  return known.length === 0 ? undefined : Math.max(...known)
}
