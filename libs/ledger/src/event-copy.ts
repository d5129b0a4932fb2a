import { copyRows, type CopyBinary } from '@catena/platform'
import type pg from 'pg'
import type { EventRow } from './event-row.js'
import type { NewRecord } from './port.js'
import { microsOf } from './storable.js'

const EVENT_COLUMNS = [
  'position', 'stream', 'stream_version', 'source', 'source_stream', 'record_id', 'type', 'schema_version', 'actor',
  'causation', 'subjects', 'occurred_at', 'recorded_at', 'salt', 'payload', 'payload_hash', 'envelope_hash',
] // prettier-ignore

export function copyEvents(client: pg.Client, rows: Iterable<EventRow>): Promise<void> {
  return copyRows(client, `COPY "event" (${EVENT_COLUMNS.join(', ')}) FROM STDIN (FORMAT binary)`, rows, writeEvent)
}

/** Ids of records at the positions after `head`. In one piece, so that nothing is left to send when the server refuses a known id. */
export function copySourceKeys(client: pg.Client, records: readonly NewRecord[], head: number): Promise<void> {
  const sql = 'COPY "source_key" (record_id, position) FROM STDIN (FORMAT binary)'
  let position = head
  const write = (out: CopyBinary, record: NewRecord): void => {
    out.row(2)
    out.bytes(record.recordId)
    out.bigint(++position)
  }
  return copyRows(client, sql, records, write, { chunkBytes: Number.POSITIVE_INFINITY })
}

function writeEvent(out: CopyBinary, row: EventRow): void {
  out.row(EVENT_COLUMNS.length)
  out.bigint(row.position)
  out.text(row.stream)
  if (row.streamVersion === undefined) out.nothing()
  else out.bigint(row.streamVersion)
  out.text(row.source)
  out.text(row.sourceStream)
  out.bytes(row.recordId)
  out.text(row.type)
  out.integer(row.schemaVersion)
  optionalText(out, row.actor)
  optionalText(out, row.causation)
  out.byteArray(row.subjects)
  out.timestamp(microsOf(row.occurredAt))
  out.timestamp(microsOf(row.recordedAt))
  out.bytes(row.salt)
  out.bytes(row.payload)
  out.hex(row.payloadHash)
  out.hex(row.envelopeHash)
}

function optionalText(out: CopyBinary, value: string | undefined): void {
  if (value === undefined) out.nothing()
  else out.text(value)
}
