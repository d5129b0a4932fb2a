import { UnreadableRecord, type Connector, type Instant, type JsonObject, type SourceInstance } from '@catena/domain'
import type { Locator, NewQuarantined, NewRecord } from '@catena/ledger'
import type { Framed } from '../framing/framed.js'
import { normalForm } from '../framing/normal-form.js'
import { eventsInHook } from '../unwrapping/envelopes.js'
import { unwrap } from '../unwrapping/unwrap.js'
import type { IntakeKeys } from './intake-keys.js'
import { shapeOf, SHAPE_LENGTH_MAX } from './shape.js'

/** What a record of one source is prepared with. */
export interface Intake {
  readonly source: SourceInstance
  readonly connector: Connector
  readonly keys: IntakeKeys
  /** Names of whom a record speaks of; they are hashed at once. */
  readonly subjectsOf?: (record: JsonObject) => readonly string[]
}

export type Prepared =
  { readonly record: NewRecord; readonly known: boolean } | { readonly quarantined: NewQuarantined }

/**
 * Turns one framed record into what the ledger stores. Never throws: what a connector cannot read, or fails on, is quarantined
 * with a reason that quotes nothing of it. `receivedAt` dates records whose source writes no time.
 */
export function prepareRecord(framed: Framed, locator: Locator, receivedAt: Instant, intake: Intake): Prepared {
  if (framed.kind === 'unreadable') {
    const lengthBytes = framed.to - framed.from
    return { quarantined: quarantine(intake, locator, framed.head, lengthBytes, framed.reason) }
  }
  const line = unwrap(framed.text)
  try {
    if (line !== framed.text && /\0|\p{Surrogate}/u.test(line))
      throw new UnreadableRecord('NUL or half a character in the wrapped line')
    if (eventsInHook(line) !== undefined)
      throw new UnreadableRecord('several events in one event hook: send each by itself, or by HTTP or as a file')
    return readRecord(line, receivedAt, intake)
  } catch (error) {
    return { quarantined: quarantine(intake, locator, line, Buffer.byteLength(line), reasonOf(error)) }
  }
}

/** The records of one source in order, parted into what is stored and what is quarantined. */
export interface PreparedRecords {
  readonly records: NewRecord[]
  readonly quarantined: NewQuarantined[]
  /** Those of the records whose type no redaction rule knows. */
  readonly unclassified: Set<NewRecord>
}

export function prepareRecords(
  framed: Iterable<Framed>,
  locate: (framed: Framed, index: number) => Locator,
  receivedAt: Instant,
  intake: Intake,
): PreparedRecords {
  const all: PreparedRecords = { records: [], quarantined: [], unclassified: new Set() }
  let index = 0
  for (const one of framed) collect(all, prepareRecord(one, locate(one, index++), receivedAt, intake))
  return all
}

export function collect(all: PreparedRecords, prepared: Prepared): void {
  if ('quarantined' in prepared) {
    all.quarantined.push(prepared.quarantined)
    return
  }
  const { record, known } = prepared
  all.records.push(record)
  if (!known) all.unclassified.add(record)
}

/** Is the record of a type that the connector has rules for? undefined: it cannot even be read. */
export function isKnownTo(connector: Connector, framed: Framed): boolean | undefined {
  if (framed.kind === 'unreadable') return undefined
  try {
    return connector.identify(parseLine(unwrap(framed.text), connector).parsed).known
  } catch {
    return undefined
  }
}

function readRecord(line: string, receivedAt: Instant, intake: Intake): Prepared {
  const { source, connector, keys } = intake
  const { text, parsed } = parseLine(line, connector)
  // Of what was read as JSON: in a broken record white space may mean something.
  const identified = text.startsWith('{') ? normalForm(text) : text
  const { stream, type, occurredAt, known } = connector.identify(parsed)
  const redacted = connector.redact(parsed, keys.mask, source)
  const record: NewRecord = {
    source: source.id,
    stream,
    type,
    ...(occurredAt !== undefined && Number.isFinite(occurredAt)
      ? { occurredAt }
      : { occurredAt: receivedAt, isTimed: false }),
    recordId: keys.recordId(source.id, identified),
    payload: Buffer.from(JSON.stringify(redacted)),
    schemaVersion: connector.redactionVersion,
    subjects: intake.subjectsOf?.(parsed).map((value) => keys.subject(value)) ?? [],
  }
  return { record, known }
}

/** Only the connector knows what its source may put before a record. */
function parseLine(line: string, connector: Connector): { text: string; parsed: JsonObject } {
  const text = line.startsWith('{') ? line : (connector.withoutPrefix?.(line) ?? line)
  return { text, parsed: connector.parse(text) }
}

/** An entry of the quarantine for content that is not stored; of it only length and shape are kept. */
export function quarantine(
  { source, keys }: Intake,
  locator: Locator,
  content: string | Buffer,
  lengthBytes: number,
  reason: string,
): NewQuarantined {
  // Four bytes a character at most, so that a long record is not decoded for its shape.
  const start = typeof content === 'string' ? content : content.subarray(0, 4 * SHAPE_LENGTH_MAX).toString('utf8')
  return {
    source: source.id,
    locator,
    recordId: keys.recordId(source.id, content),
    lengthBytes,
    reason,
    shape: shapeOf(start),
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof UnreadableRecord) return error.reason
  const name = error instanceof Error ? error.constructor.name : typeof error
  // A class is named by the program; its message may quote the record.
  return `connector failed: ${/^\w{1,60}$/.test(name) ? name : 'Error'}`
}
