import type { Instant } from '@catena/domain'
import { isRecord, type LedgerEvent } from './port.js'

/** What came of a command, on its way into the ledger. */
export interface NewDecision {
  readonly type: string
  readonly schemaVersion: number
  readonly occurredAt: Instant
  /** Who decided. */
  readonly actor: string
  /** Id of the command, event or timer behind it. */
  readonly causation?: string
  /** JSON in UTF-8. */
  readonly payload: Buffer
  /** Keyed hashes, as of a record. */
  readonly subjects: readonly Buffer[]
}

export interface DecisionOutcome {
  /** Position of the last event appended. */
  readonly head: number
  /** Version of the stream now: the number of its events. */
  readonly version: number
}

/** Source and source stream under which decisions stand beside records. */
export const DECISION_SOURCE = 'catena'
export const DECISION_STREAM = 'decisions'

export interface AppendManner {
  /** False: nobody waits for these events, so readers are not woken; they find them when they next look, in a quarter of a second. */
  readonly wakes?: boolean
}

/** Streams of decisions, beside the records in the same order of positions. */
export interface DecisionStreams {
  /**
   * All or nothing at the expected version (0: the stream must be new). Throws VersionConflict.
   * Names beginning with `record:` belong to sources.
   */
  appendDecisions(
    stream: string,
    expectedVersion: number,
    events: readonly NewDecision[],
    manner?: AppendManner,
  ): Promise<DecisionOutcome>
  /** Events of one stream in the order of their versions. */
  readStream(stream: string): Promise<LedgerEvent[]>
  /** Decisions of all streams with position > after, ascending, at most limit; records are passed over. */
  readDecisions(after: number, limit: number): Promise<LedgerEvent[]>
}

export function requireDecisions(stream: string, events: readonly NewDecision[]): void {
  if (stream === '' || isRecord({ stream })) throw new RangeError(`${stream} is no stream for decisions`)
  if (events.length === 0) throw new RangeError(`nothing to append to ${stream}`)
}
