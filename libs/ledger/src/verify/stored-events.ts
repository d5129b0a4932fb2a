import type pg from 'pg'
import { copyOut, whole } from '../copy-out.js'
import type { CopyReader } from '../copy-reader.js'
import type { StoredEvent } from './check-event.js'

export const STORED_COLUMNS = `position, stream, stream_version, source, source_stream, record_id, type, schema_version, actor, causation,
  subjects, occurred_at, recorded_at, salt, payload, payload_hash, envelope_hash`

/** All that is stored of the events from `first` to `last`, ascending. */
export function readStored(pool: pg.Pool, first: number, last: number): Promise<StoredEvent[]> {
  const where = `position >= ${whole(first)} AND position <= ${whole(last)}`
  return copyOut(pool, `SELECT ${STORED_COLUMNS} FROM event WHERE ${where} ORDER BY position`, decodeStored)
}

/** A row of STORED_COLUMNS. */
export function decodeStored(reader: CopyReader): StoredEvent {
  return {
    position: reader.bigint(),
    stream: reader.text(),
    streamVersion: reader.optionalBigint(),
    source: reader.text(),
    sourceStream: reader.text(),
    recordId: reader.optionalBytes() ?? Buffer.alloc(0),
    type: reader.text(),
    schemaVersion: reader.integer(),
    actor: reader.optionalText(),
    causation: reader.optionalText(),
    subjects: reader.byteArray(),
    occurredAt: reader.timestamp() / 1000,
    recordedAt: reader.timestamp() / 1000,
    salt: reader.optionalBytes(),
    payload: reader.optionalBytes(),
    payloadHash: reader.optionalBytes() ?? Buffer.alloc(0),
    envelopeHash: reader.optionalBytes() ?? Buffer.alloc(0),
  }
}
