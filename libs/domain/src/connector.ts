import type { Activity } from './activity.js'
import type { JsonObject } from './json.js'
import type { SourceInstance, SourceKind } from './source.js'
import type { Instant } from './time.js'

/** Replaces a clear value by its keyed HMAC: equality survives, the value does not. */
export type Mask = (value: string) => string

/** What ingest must know of a record before it stores it. */
export interface Identified {
  /** Stream of the source, e.g. `audit`, `server`, `events`, `webhooks`. */
  readonly stream: string
  /** The source's own name of the record's type. */
  readonly type: string
  /** The source's time; undefined where it writes none. */
  readonly occurredAt: Instant | undefined
  /** False: no rule of redaction is known for this type, so every string but the envelope's is masked. */
  readonly known: boolean
}

/** A record as the ledger holds it: redacted. */
export interface StoredRecord {
  readonly position: number
  readonly source: string
  readonly stream: string
  readonly type: string
  readonly occurredAt: Instant
  readonly recordedAt: Instant
  /** Hex of the keyed hash of the exact record: stands in where a source gives a record no id. */
  readonly recordId: string
  readonly payload: JsonObject
}

/** A record that cannot be read. The message says what is wrong without quoting the record. */
export class UnreadableRecord extends Error {
  constructor(readonly reason: string) {
    super(reason)
    this.name = 'UnreadableRecord'
  }
}

/** From the shape of one redaction version to the next. What is stored never changes. */
export type Upcaster = (payload: JsonObject) => JsonObject

/** The payload in today's shape, whatever version it was stored under. A version without an upcaster had the same shape. */
export function liftPayload(
  { upcasters, redactionVersion }: Pick<Connector, 'upcasters' | 'redactionVersion'>,
  storedVersion: number,
  payload: JsonObject,
): JsonObject {
  if (upcasters === undefined) return payload
  let lifted = payload
  for (let version = storedVersion; version < redactionVersion; version++)
    lifted = upcasters[version]?.(lifted) ?? lifted
  return lifted
}

/**
 * Knows one source and nothing else. All members are pure: no clock, no IO, no other connector.
 * `parse`, `identify` and `redact` run once, at ingest; `interpret` runs in projections and may improve at any time.
 */
export interface Connector {
  readonly kind: SourceKind
  /** Raised when `interpret` changes: read models are rebuilt. */
  readonly version: number
  /** Raised when `redact` changes: stored with each record. */
  readonly redactionVersion: number
  /**
   * Lifts a record stored under an older redaction version to the next, by that older version; pure. Only where the shape of what is stored
   * changed: a field that is merely absent needs none. Each has a fixture of the old JSON.
   */
  readonly upcasters?: Readonly<Record<number, Upcaster>>
  /** One framed record (a line, an element of an array, a body) → object. Throws UnreadableRecord. */
  parse(text: string): JsonObject
  /**
   * The record in a line that holds text before it, where the source documents such a prefix; undefined where the line is the
   * source's own as a whole. Left out: no line of this source has one.
   */
  withoutPrefix?(line: string): string | undefined
  identify(record: JsonObject): Identified
  /**
   * What may be stored: allowed fields in clear, other strings masked, secrets left out. Fields in which the source's federations say that
   * claims stand are allowed too. What was masked stays masked when the configuration changes.
   */
  redact(record: JsonObject, mask: Mask, source: SourceInstance): JsonObject
  /** Never throws: what it cannot read is `unclassified`. Where it does all the same, the record counts as not interpreted, a gap of its source. */
  interpret(record: StoredRecord, source: SourceInstance): Activity
}
