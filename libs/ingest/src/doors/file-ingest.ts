import type { Connector, Instant, JsonObject, SourceInstance, SourceKind } from '@catena/domain'
import type { Ledger } from '@catena/ledger'
import type { Tally } from '../batching/tally.js'
import type { InputFailureCode } from '../input/input-failure.js'
import type { IntakeKeys } from '../pipeline/intake-keys.js'

export interface FileIngest {
  /** `-` is the standard input, which must be given as `pipe`. */
  readonly path: string
  readonly pipe?: AsyncIterable<Buffer>
  readonly source: SourceInstance
  readonly ledger: Pick<Ledger, 'append' | 'laneStand'>
  readonly connectorFor: (kind: SourceKind) => Connector
  readonly keys: IntakeKeys
  readonly subjectsOf?: (record: JsonObject) => readonly string[]
  /** Nothing will be added to the file: a half record at its end is truncated, not awaited. */
  readonly final?: boolean
  /** Keep reading what is added, also behind a rotation, until `signal` aborts. */
  readonly follow?: boolean
  readonly signal?: AbortSignal
  readonly now?: () => Instant
  /** Called after each commit. */
  readonly onProgress?: (tally: Tally) => void
}

export interface FileSummary extends Tally {
  /** Offset at which reading began: above 0 where an earlier run was resumed. */
  readonly resumedAt: number
  /** Bytes of a half record at the end, left for a later run. */
  readonly waitingBytes: number
  readonly elapsedMs: number
  readonly recordsPerSecond: number
  /** Set: the file was refused or not read to its end; what the counts say is stored all the same. */
  readonly failure?: { readonly code: InputFailureCode; readonly message: string }
}
