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
export function envelopeOf(event: Omit<EventFacts, 'salt' | 'payload'>, payloadHash: Buffer | string): string {
  return JSON.stringify([
    ENVELOPE_V1,
    event.position,
    event.stream,
    event.streamVersion ?? null,
    event.source,
    event.sourceStream,
    event.recordId.toString('hex'),
    event.type,
    event.schemaVersion,
    event.actor ?? null,
    event.causation ?? null,
    event.subjects.map((subject) => subject.toString('hex')),
    microsOf(event.occurredAt),
    microsOf(event.recordedAt),
    typeof payloadHash === 'string' ? payloadHash : payloadHash.toString('hex'),
  ])
}

/** Adds the hashes to facts that nobody else holds. */
export function seal(facts: EventFacts): EventRow {
  const payloadHash = hash('sha256', saltedPayload(facts.salt, facts.payload), 'hex')
  const envelopeHash = hash('sha256', envelopeOf(facts, payloadHash), 'hex')
  return Object.assign(facts, { payloadHash, envelopeHash })
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
  const salts = randomBytes(16 * records.length)
  for (const [index, record] of records.entries()) {
    yield seal({
      position: head + 1 + index,
      stream: storableText(`record:${record.source}`),
      streamVersion: undefined,
      source: storableText(record.source),
      sourceStream: storableText(record.stream),
      recordId: record.recordId,
      type: storableText(record.type),
      schemaVersion: record.schemaVersion,
      actor: undefined,
      causation: undefined,
      subjects: record.subjects,
      occurredAt: storableInstant(record.occurredAt),
      recordedAt: storableInstant(recordedAt),
      salt: salts.subarray(16 * index, 16 * index + 16),
      payload: record.payload,
    })
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

/** Rows of decisions at the positions after `head` and the versions after `version`. */
export function decisionRows(
  stream: string,
  version: number,
  decisions: readonly NewDecision[],
  head: number,
  recordedAt: Instant,
): EventRow[] {
  return decisions.map((decision, index) =>
    seal({
      position: head + 1 + index,
      stream: storableText(stream),
      streamVersion: version + 1 + index,
      source: DECISION_SOURCE,
      sourceStream: DECISION_STREAM,
      recordId: decisionId(stream, version + 1 + index),
      type: storableText(decision.type),
      schemaVersion: decision.schemaVersion,
      actor: storableText(decision.actor),
      causation: decision.causation === undefined ? undefined : storableText(decision.causation),
      subjects: decision.subjects,
      occurredAt: storableInstant(decision.occurredAt),
      recordedAt: storableInstant(recordedAt),
      salt: randomBytes(16),
      payload: decision.payload,
    }),
  )
}

/** First 128 bits of SHA-256 over stream, NUL and version: a decision's id is known before it is stored. */
export function decisionId(stream: string, version: number): Buffer {
  return hash('sha256', `${stream}\u0000${version}`, 'buffer').subarray(0, 16)
}
