/** Somebody was shown evidence, or was told that there is none. Arguments stay out of it: they can hold what nobody should keep. */
export interface EvidenceRead {
  /** Id of the caller. */
  readonly caller: string
  /** Name that the client gave the operation. */
  readonly operation: string | undefined
  /** SHA-256 of the query's text, hex. */
  readonly queryHash: string
  /** Which fields of the schema led to it, e.g. `Evidence.retrievals`. */
  readonly fields: readonly string[]
  /** What was shown, as `<type>:<id>`, e.g. `EvidenceRecord:4711`. */
  readonly shown: readonly string[]
  /** Id of the request, as in the log. */
  readonly request: string | undefined
}

export const EVIDENCE_READ = 'EvidenceRead'
export const READS_STREAM_PREFIX = 'evidence-reads:'
