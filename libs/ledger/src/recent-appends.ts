import type { EventRow } from './event-row.js'
import type { LedgerEvent } from './port.js'

/** Who follows is moments behind; what another process erases meanwhile is told for no longer. */
const KEPT_MS = 5_000
/** Payloads kept. */
const KEPT_BYTES_MAX = 16 * 1024 * 1024

interface Append {
  readonly rows: readonly EventRow[]
  readonly bytes: number
  readonly at: number
}

/** Records that this process has committed a moment ago, so that who follows the ledger in the same process need not read them back. Of the last few seconds and megabytes. */
export class RecentAppends {
  private appends: Append[] = []
  private bytes = 0

  /** `now`: of a clock that only goes on, ms. */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Committed, in the order of their positions. */
  add(rows: readonly EventRow[]): void {
    // Nothing was new.
    if (rows.length === 0) return
    const bytes = rows.reduce((sum, { payload }) => sum + payload.length, 0)
    this.appends.push({ rows, bytes, at: this.now() })
    this.bytes += bytes
    while (this.bytes > KEPT_BYTES_MAX) this.forgetOldest()
  }

  /** As the ledger would answer, or fewer; undefined: the next one is not kept. What comes before is forgotten: who follows does not come back. */
  after(position: number, limit: number): LedgerEvent[] | undefined {
    this.forget(position)
    const events: LedgerEvent[] = []
    for (const { rows } of this.appends) {
      const skipped = position + events.length + 1 - (rows[0]?.position ?? Infinity)
      if (skipped < 0) break
      for (const row of rows.slice(skipped, skipped + limit - events.length)) events.push(eventOf(row))
      if (events.length === limit) break
    }
    return events.length === 0 ? undefined : events
  }

  /** Is anything after this position kept? */
  hasAfter(position: number): boolean {
    return (this.appends.at(-1)?.rows.at(-1)?.position ?? 0) > position
  }

  clear(): void {
    this.appends = []
    this.bytes = 0
  }

  private forget(through: number): void {
    const since = this.now() - KEPT_MS
    for (let first = this.appends[0]; first !== undefined; first = this.appends[0]) {
      if (first.at > since && (first.rows.at(-1)?.position ?? 0) > through) return
      this.forgetOldest()
    }
  }

  private forgetOldest(): void {
    this.bytes -= this.appends.shift()?.bytes ?? 0
  }
}

/** As it is read back. */
function eventOf(row: EventRow): LedgerEvent {
  const { position, stream, type, source, sourceStream, schemaVersion, occurredAt, recordedAt, payload } = row
  const recordId = row.recordId.toString('hex')
  return { position, stream, type, source, sourceStream, recordId, schemaVersion, occurredAt, recordedAt, payload }
}
