import { UnreadableRecord, type Connector, type Instant, type JsonObject, type SourceInstance } from '@catena/domain'
import type { Locator, NewQuarantined, NewRecord } from '@catena/ledger'
import type { Framed } from '../framing/framed.js'
import { normalForm, withoutPrefix } from '../framing/normal-form.js'
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
    return readRecord(line, receivedAt, intake)
  } catch (error) {
    return { quarantined: quarantine(intake, locator, line, Buffer.byteLength(line), reasonOf(error)) }
  }
}

/** The records of one source in order, parted into what is stored and what is quarantined. */
export interface PreparedRecords {
  readonly records: NewRecord[]
  readonly quarantined: NewQuarantined[]
  /** Types that no redaction rule knows, with their counts. */
  readonly unclassified: Map<string, number>
}

export function prepareRecords(
  framed: Iterable<Framed>,
  locate: (framed: Framed, index: number) => Locator,
  receivedAt: Instant,
  intake: Intake,
): PreparedRecords {
  const all: PreparedRecords = { records: [], quarantined: [], unclassified: new Map() }
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
  if (!known) all.unclassified.set(record.type, (all.unclassified.get(record.type) ?? 0) + 1)
}

function readRecord(line: string, receivedAt: Instant, intake: Intake): Prepared {
  const { source, connector, keys } = intake
  const { text, parsed } = parseLine(line, connector)
  const { stream, type, occurredAt, known } = connector.identify(parsed)
  const redacted = connector.redact(parsed, keys.mask, source)
  const record: NewRecord = {
    source: source.id,
    stream,
    type,
    occurredAt: occurredAt !== undefined && Number.isFinite(occurredAt) ? occurredAt : receivedAt,
    recordId: keys.recordId(source.id, text),
    payload: Buffer.from(JSON.stringify(redacted)),
    schemaVersion: connector.redactionVersion,
    subjects: intake.subjectsOf?.(parsed).map((value) => keys.subject(value)) ?? [],
  }
  return { record, known }
}

/** Text before an object is a prefix only if the rest is one; else the line is the source's own, as a whole. */
function parseLine(line: string, connector: Connector): { text: string; parsed: JsonObject } {
  const object = withoutPrefix(line)
  if (object !== undefined) {
    try {
      return parseText(object, connector)
    } catch (error) {
      if (!(error instanceof UnreadableRecord)) throw error
    }
  }
  return parseText(line, connector)
}

function parseText(line: string, connector: Connector): { text: string; parsed: JsonObject } {
  const text = line.startsWith('{') ? normalForm(line) : line
  return { text, parsed: connector.parse(text) }
}

function quarantine(
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
