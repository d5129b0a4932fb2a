import type { Instant } from '@catena/domain'

/** A redacted record on its way into the ledger. */
export interface NewRecord {
  /** Source instance. */
  readonly source: string
  readonly stream: string
  readonly type: string
  /** Time of the source; where it writes none, the time of receipt. */
  readonly occurredAt: Instant
  /** False: the source wrote no time, so `occurredAt` proves nothing about when it lived. */
  readonly isTimed?: false
  /** First 128 bits of HMAC-SHA-256(installation key, source instance ‖ exact record bytes): the same record again is a duplicate. */
  readonly recordId: Buffer
  /** Redacted record as JSON in UTF-8. */
  readonly payload: Buffer
  /** Raised when a connector's redaction changes. */
  readonly schemaVersion: number
  /** Keyed hashes of whom the record speaks of; never clear names. */
  readonly subjects: readonly Buffer[]
}

/** Where the bytes of a record can be found again. */
export type Locator =
  | { readonly door: 'kafka'; readonly topic: string; readonly partition: number; readonly offset: string }
  | { readonly door: 'file'; readonly file: string; readonly from: number; readonly to: number }
  | { readonly door: 'http'; readonly request: string; readonly index: number }

/** A record that cannot be read: everything but its content. */
export interface NewQuarantined {
  readonly source: string
  readonly locator: Locator
  /** Keyed hash of the exact bytes (16 bytes). */
  readonly recordId: Buffer
  readonly lengthBytes: number
  readonly reason: string
  /** The text with every letter and digit masked, cut to 200 characters. */
  readonly shape: string
}

/**
 * A lane is what is consumed in order: a Kafka partition (`kafka:<cluster>/<topic>/<partition>`) or a file (`file:<identity>`).
 * Its offset (Kafka offset or byte) moves in the transaction of the batch, by compare-and-set: a consumer that lost the lane rolls back.
 */
export interface LaneAdvance {
  readonly lane: string
  /** Offset that the consumer believes the lane stands at; undefined: the lane is new. */
  readonly expected: bigint | undefined
  readonly next: bigint
  /** Where a new lane begins, if not at 0: the oldest offset that Kafka still had. */
  readonly first?: bigint
  /** Offsets between expected and next that held no record (compaction, transaction markers, blank lines). */
  readonly holes: number
  /** Of a file: keyed hash (16 bytes) of everything before `next`, by which a later run knows whether it reads on in the same content. */
  readonly content?: Buffer
}

/** Where a lane was left. */
export interface LaneStand {
  readonly next: bigint
  /** Undefined: of a lane that is no file, or whose hash was never recorded. */
  readonly content: Buffer | undefined
}

export interface RecordBatch {
  readonly records: readonly NewRecord[]
  readonly quarantined: readonly NewQuarantined[]
  readonly advance?: LaneAdvance
}

export interface BatchOutcome {
  /** Position of the last event after the batch (the head). */
  readonly head: number
  readonly stored: number
  readonly duplicates: number
  readonly quarantined: number
  /** What was new of the batch: the same objects. */
  readonly admitted: Pick<RecordBatch, 'records' | 'quarantined'>
}

/** An entry of the ledger. `payload` is undefined only after an erasure. */
export interface LedgerEvent {
  /** Contiguous from 1. */
  readonly position: number
  /** `record:<source>` or the stream of a decision. */
  readonly stream: string
  /** Of decisions: contiguous from 1 in their stream. */
  readonly streamVersion?: number
  readonly type: string
  readonly source: string
  readonly sourceStream: string
  readonly occurredAt: Instant
  readonly recordedAt: Instant
  readonly recordId: string
  readonly schemaVersion: number
  readonly payload: Buffer | undefined
  /** Of decisions: who decided, and the id of what it answers to. */
  readonly actor?: string
  readonly causation?: string
}

/** Of a source; what is none was decided. */
export function isRecord({ stream }: Pick<LedgerEvent, 'stream'>): boolean {
  return stream.startsWith('record:')
}

/** Positions from the first to the last, both with it. */
export interface RecordSpan {
  readonly first: number
  readonly last: number
}

/** Counts per source since the beginning; read = stored + duplicates + quarantined. */
export interface IntakeCounts {
  readonly source: string
  readonly lane: string
  readonly read: number
  readonly stored: number
  readonly duplicates: number
  readonly quarantined: number
  readonly lastReceivedAt: Instant | undefined
  /** Newest time that its records bear, none counted as later than its receipt. */
  readonly lastOccurredAt: Instant | undefined
}

/** Offsets consumed = next − first; of Kafka lanes that is also read (over all sources) + holes. */
export interface LaneState {
  readonly lane: string
  readonly first: bigint
  readonly next: bigint
  readonly holes: number
}

/** A quarantined record. Arriving again is counted in `seen` (and as a duplicate of its source), not listed twice. */
export interface QuarantinedRecord extends Omit<NewQuarantined, 'recordId'> {
  readonly id: number
  /** Hex. */
  readonly recordId: string
  readonly seen: number
  readonly firstSeenAt: Instant
  readonly lastSeenAt: Instant
}

/** Reads for people and checks, beside the ledger's own. */
export interface IntakeReports {
  /** Ordered by lane. */
  lanes(): Promise<LaneState[]>
  /** Entries with id > after, ascending, at most limit; of one source where given. */
  quarantine(after: number, limit: number, source?: string): Promise<QuarantinedRecord[]>
}

/** Another consumer moved the lane: forget the batch and resume from `stands`. */
export class LaneMoved extends Error {
  constructor(
    readonly lane: string,
    readonly expected: bigint | undefined,
    readonly stands: bigint | undefined,
  ) {
    super(`lane ${lane} stands at ${String(stands)}, not at ${String(expected)}: another consumer moved it`)
    this.name = 'LaneMoved'
  }
}

/**
 * The append-only event store. Positions are contiguous and become visible in order.
 * Every implementation passes the contract suite `ledger.contract.ts`.
 */
export interface Ledger {
  /** All or nothing, in one transaction. Known record ids are counted as duplicates. Throws LaneMoved. */
  append(batch: RecordBatch): Promise<BatchOutcome>
  /** Events with position > after, ascending, at most limit. */
  read(after: number, limit: number): Promise<LedgerEvent[]>
  /** The same, or fewer but none left out, for the one that follows: what this process appended moments ago need not come from the database. */
  readNew(after: number, limit: number): Promise<LedgerEvent[]>
  /** Events at the given positions, ascending; missing positions are left out. */
  readAt(positions: readonly number[]): Promise<LedgerEvent[]>
  /** Where records stand among the positions after one up to and with another, ascending, at most so many spans; between them stand decisions. */
  recordSpans(after: number, through: number, limit: number): Promise<RecordSpan[]>
  /** Position of the last event; 0 when empty. */
  head(): Promise<number>
  laneOffset(lane: string): Promise<bigint | undefined>
  /** The same, with what is known of the content before the offset. */
  laneStand(lane: string): Promise<LaneStand | undefined>
  intake(): Promise<IntakeCounts[]>
  /** Resolves when something may have been appended after `position`, after `timeoutMs`, or when the signal aborts. */
  waitForAppend(position: number, timeoutMs: number, signal?: AbortSignal): Promise<void>
  close(): Promise<void>
}
