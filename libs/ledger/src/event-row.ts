import { hash, randomBytes } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import type { Instant } from '@catena/domain'
import { DECISION_SOURCE, DECISION_STREAM, type NewDecision } from './decisions.js'
import type { NewRecord } from './port.js'
import { microsOf, storableInstant, storableText } from './storable.js'

/** Everything an event states, but the hashes. */
export interface EventFacts {
  readonly position: number
  readonly stream: string
  /** Of decisions only. */
  readonly streamVersion: number | undefined
  readonly source: string
  readonly sourceStream: string
  /** 16 bytes. */
  readonly recordId: Buffer
  readonly type: string
  readonly schemaVersion: number
  readonly actor: string | undefined
  readonly causation: string | undefined
  readonly subjects: readonly Buffer[]
  readonly occurredAt: Instant
  readonly recordedAt: Instant
  /** 16 random bytes: without them nobody can guess an erased payload from its hash. */
  readonly salt: Buffer
  readonly payload: Buffer
}

/** The hashes are hex: text costs the runtime a third of what a Buffer of their own would. */
export interface EventRow extends EventFacts {
  /** SHA-256(salt ‖ payload). */
  readonly payloadHash: string
  /** SHA-256 of `envelopeOf`. */
  readonly envelopeHash: string
}

/** First element of every envelope; a later layout gets another name. */
export const ENVELOPE_V1 = 'catena.envelope.v1'

/**
 * The canonical envelope: a JSON array in UTF-8 without white space, strings escaped as ECMAScript's JSON.stringify does
 * (RFC 8785 section 3.2.2.2), bytes as lower-case hex, times as whole microseconds since 1970, absent members as null:
 * [name, position, stream, stream version, source, source stream, record id, type, schema version, actor, causation,
 *  [subjects], occurred at, recorded at, payload hash]
 */
export function envelopeOf(
  event: Omit<EventFacts, 'salt' | 'payload'>,
  payloadHash: Buffer | string,
  quote: (text: string) => string = JSON.stringify,
): string {
  const { position, stream, streamVersion, source, sourceStream, recordId, type, schemaVersion } = event
  const { actor, causation, subjects, occurredAt, recordedAt } = event
  const subject = subjects.map((one) => `"${one.toString('hex')}"`).join(',')
  const hash = typeof payloadHash === 'string' ? payloadHash : payloadHash.toString('hex')
  return (
    `["${ENVELOPE_V1}",${position},${quote(stream)},${streamVersion ?? null},${quote(source)},${quote(sourceStream)},` +
    `"${recordId.toString('hex')}",${quote(type)},${schemaVersion},${actor === undefined ? null : quote(actor)},` +
    `${causation === undefined ? null : quote(causation)},[${subject}],${microsOf(occurredAt)},${microsOf(recordedAt)},"${hash}"]`
  )
}

/** A row nobody else holds yet, with room for its hashes: members that are added later make every row dearer. */
type Unsealed = EventFacts & { payloadHash: string; envelopeHash: string }
const UNSEALED = { payloadHash: '', envelopeHash: '' }

/** Fills in the hashes. `quote`: as JSON.stringify, of the names. */
export function seal(row: Unsealed, quote?: (text: string) => string): EventRow {
  row.payloadHash = hash('sha256', saltedPayload(row.salt, row.payload), 'hex')
  row.envelopeHash = hash('sha256', envelopeOf(row, row.payloadHash, quote), 'hex')
  return row
}

/** Where salt and payload stand one behind the other while they are hashed: one place for all rows, grown when a payload wants it. */
let workspace = Buffer.allocUnsafe(64 * 1024)

/** Valid until the next call. */
function saltedPayload(salt: Buffer, payload: Buffer): Buffer {
  const length = salt.length + payload.length
  if (length > workspace.length) workspace = Buffer.allocUnsafe(2 * length)
  workspace.set(salt)
  workspace.set(payload, salt.length)
  return workspace.subarray(0, length)
}

/** Rows of records at the positions after `head`, hashed as they are asked for. */
export function* recordRows(records: readonly NewRecord[], head: number, recordedAt: Instant): Generator<EventRow> {
  const salts = saltsFor(records.length)
  const recorded = storableInstant(recordedAt)
  const { storable, quote } = sharedNames()
  for (const [index, record] of records.entries()) {
    const row = {
      position: head + 1 + index,
      stream: storable(`record:${record.source}`),
      streamVersion: undefined,
      source: storable(record.source),
      sourceStream: storable(record.stream),
      recordId: record.recordId,
      type: storable(record.type),
      schemaVersion: record.schemaVersion,
      actor: undefined,
      causation: undefined,
      subjects: record.subjects,
      occurredAt: storableInstant(record.occurredAt),
      recordedAt: recorded,
      salt: salts.subarray(16 * index, 16 * index + 16),
      payload: record.payload,
      payloadHash: '',
      envelopeHash: '',
    }
    yield seal(row, quote)
  }
}

/** Rows of a batch share most of their names: what is worked out of a text is worked out once. */
export interface SharedNames {
  readonly storable: (text: string) => string
  readonly quote: (text: string) => string
}

export function sharedNames(): SharedNames {
  return { storable: remembering(storableText), quote: remembering(JSON.stringify) }
}

function remembering(compute: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>()
  return (text) => {
    const found = known.get(text)
    if (found !== undefined) return found
    const computed = compute(text)
    known.set(text, computed)
    return computed
  }
}

/** Rows hashed between two looks at the network. */
const SEALED_AT_ONCE = 250

/** The same rows, hashed while something else waits for the network. */
export async function sealedRows(
  records: readonly NewRecord[],
  head: number,
  recordedAt: Instant,
): Promise<readonly EventRow[]> {
  const rows: EventRow[] = []
  for (const row of recordRows(records, head, recordedAt)) {
    if (rows.push(row) % SEALED_AT_ONCE === 0) await turn()
  }
  return rows
}

/** Fresh salts for so many rows: to ask for a few is as dear as to ask for thousands. */
export function saltsFor(count: number): Buffer {
  return randomBytes(16 * count)
}

/** Rows of decisions at the positions after `head` and the versions after `version`; `salts`: one for each, used for nothing else. */
export function decisionRows(
  stream: string,
  version: number,
  decisions: readonly NewDecision[],
  head: number,
  recordedAt: Instant,
  salts = saltsFor(decisions.length),
  { storable, quote } = sharedNames(),
): EventRow[] {
  const recorded = storableInstant(recordedAt)
  return decisions.map((decision, index) =>
    seal(
      {
        position: head + 1 + index,
        stream: storable(stream),
        streamVersion: version + 1 + index,
        source: DECISION_SOURCE,
        sourceStream: DECISION_STREAM,
        recordId: decisionId(stream, version + 1 + index),
        type: storable(decision.type),
        schemaVersion: decision.schemaVersion,
        actor: storable(decision.actor),
        causation: decision.causation === undefined ? undefined : storable(decision.causation),
        subjects: decision.subjects,
        occurredAt: storableInstant(decision.occurredAt),
        recordedAt: recorded,
        salt: salts.subarray(16 * index, 16 * index + 16),
        payload: decision.payload,
        ...UNSEALED,
      },
      quote,
    ),
  )
}

/** First 128 bits of SHA-256 over stream, NUL and version: a decision's id is known before it is stored. */
export function decisionId(stream: string, version: number): Buffer {
  return hash('sha256', `${stream}\u0000${version}`, 'buffer').subarray(0, 16)
}
