import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { CopyBinary } from './copy-binary.js'
import type { EventRow } from './event-row.js'
import type { NewRecord } from './port.js'
import { microsOf } from './storable.js'

/** Bytes after which a chunk is sent, so that the server parses while the rest is encoded. */
const CHUNK_BYTES = 512 * 1024

const EVENT_COLUMNS = [
  'position', 'stream', 'stream_version', 'source', 'source_stream', 'record_id', 'type', 'schema_version', 'actor',
  'causation', 'subjects', 'occurred_at', 'recorded_at', 'salt', 'payload', 'payload_hash', 'envelope_hash',
] // prettier-ignore

export function copyEvents(client: pg.Client, rows: Iterable<EventRow>): Promise<void> {
  return copy(client, `COPY "event" (${EVENT_COLUMNS.join(', ')}) FROM STDIN (FORMAT binary)`, rows, writeEvent)
}

/** Ids of records at the positions after `head`. */
export function copySourceKeys(client: pg.Client, records: readonly NewRecord[], head: number): Promise<void> {
  const sql = 'COPY "source_key" (record_id, position) FROM STDIN (FORMAT binary)'
  return copy(client, sql, records.entries(), (out, [index, record]) => {
    out.row(2)
    out.bytes(record.recordId)
    out.bigint(head + 1 + index)
  })
}

async function copy<T>(
  client: pg.Client,
  sql: string,
  rows: Iterable<T>,
  write: (out: CopyBinary, row: T) => void,
): Promise<void> {
  await pipeline(Readable.from(chunks(rows, write), { objectMode: false }), client.query(copyFrom(sql)))
}

function* chunks<T>(rows: Iterable<T>, write: (out: CopyBinary, row: T) => void): Generator<Buffer> {
  const out = new CopyBinary()
  out.start()
  for (const row of rows) {
    write(out, row)
    if (out.pendingBytes >= CHUNK_BYTES) yield out.take()
  }
  out.finish()
  yield out.take()
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
  out.bytes(row.payloadHash)
  out.bytes(row.envelopeHash)
}

function optionalText(out: CopyBinary, value: string | undefined): void {
  if (value === undefined) out.nothing()
  else out.text(value)
}
