import { idText } from './batch.js'
import type { EventRow } from './event-row.js'
import type { LedgerEvent, RecordSpan } from './port.js'

/** An erasure takes both. */
type KeptRow = Omit<EventRow, 'salt' | 'payload'> & { salt: Buffer | undefined; payload: Buffer | undefined }

/** The events of the memory ledger, and whoever waits for more. */
export class MemoryEvents {
  private readonly rows: KeptRow[] = []
  private readonly waiters = new Set<() => void>()
  private closed = false

  get head(): number {
    return this.rows.length
  }

  get all(): readonly KeptRow[] {
    return this.rows
  }

  push(rows: Iterable<EventRow>): void {
    for (const row of rows) this.rows.push(row)
    this.wakeAll()
  }

  read(after: number, limit: number): LedgerEvent[] {
    return this.rows.slice(after, after + limit).map(eventOf)
  }

  readAt(positions: readonly number[]): LedgerEvent[] {
    const wanted = [...new Set(positions)].filter((position) => position > 0).sort((a, b) => a - b)
    return wanted.flatMap((position) => this.rows.slice(position - 1, position)).map(eventOf)
  }

  recordSpans(after: number, through: number): RecordSpan[] {
    const spans: RecordSpan[] = []
    for (const { position, streamVersion } of this.rows.slice(after, through)) {
      const known = spans.at(-1)
      if (streamVersion !== undefined) continue
      if (known?.last === position - 1) spans.splice(-1, 1, { ...known, last: position })
      else spans.push({ first: position, last: position })
    }
    return spans
  }

  readStreams(streams: readonly string[]): LedgerEvent[] {
    const wanted = new Set(streams)
    return this.decisions(0).filter(({ stream }) => wanted.has(stream)).map(eventOf) // prettier-ignore
  }

  readDecisions(after: number, limit: number): LedgerEvent[] {
    return this.decisions(after).slice(0, limit).map(eventOf)
  }

  positionsOfRecords(recordIds: readonly string[]): Map<string, number> {
    const wanted = new Set(recordIds)
    const records = this.rows.filter((row) => row.streamVersion === undefined)
    const known = records.map(({ recordId, position }) => [recordId.toString('hex'), position] as const)
    return new Map(known.filter(([id]) => wanted.has(id)))
  }

  /** By the text of the id of each event, records and decisions. */
  positions(): Map<string, number> {
    return new Map(this.rows.map(({ recordId, position }) => [idText(recordId), position]))
  }

  /** Takes salt and payload of those that have one; returns how many. */
  erase(positions: readonly number[]): number {
    const named = new Set(positions)
    const rows = this.rows.filter((row) => named.has(row.position) && row.payload !== undefined)
    for (const row of rows) row.salt = row.payload = undefined
    return rows.length
  }

  wait(position: number, timeoutMs: number, signal?: AbortSignal): Promise<void> {
    if (this.closed || this.rows.length > position || signal?.aborted === true) return Promise.resolve()
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        this.waiters.delete(wake)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      const wake = (): void => {
        if (this.closed || this.rows.length > position) done()
      }
      const timer = setTimeout(done, timeoutMs)
      this.waiters.add(wake)
      signal?.addEventListener('abort', done)
    })
  }

  /** Nobody waits any more. */
  close(): void {
    this.closed = true
    this.wakeAll()
  }

  private decisions(after: number): KeptRow[] {
    return this.rows.slice(after).filter((row) => row.streamVersion !== undefined)
  }

  private wakeAll(): void {
    for (const wake of [...this.waiters]) wake()
  }
}

function eventOf(row: KeptRow): LedgerEvent {
  return {
    position: row.position,
    stream: row.stream,
    ...(row.streamVersion === undefined ? {} : { streamVersion: row.streamVersion }),
    type: row.type,
    source: row.source,
    sourceStream: row.sourceStream,
    occurredAt: row.occurredAt,
    recordedAt: row.recordedAt,
    recordId: row.recordId.toString('hex'),
    schemaVersion: row.schemaVersion,
    payload: row.payload,
    ...(row.actor === undefined ? {} : { actor: row.actor }),
    ...(row.causation === undefined ? {} : { causation: row.causation }),
  }
}
