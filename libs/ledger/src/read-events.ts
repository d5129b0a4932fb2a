import pg from 'pg'
import { requireAttached, requireReadable } from './archive/detached.js'
import { copyOut, whole } from './copy-out.js'
import type { CopyReader } from './copy-reader.js'
import type { LedgerEvent } from './port.js'

const COLUMNS = `position, stream, stream_version, source, source_stream, record_id, type, schema_version, actor, causation,
  occurred_at, recorded_at, payload`

/** Throws EventsDetached where the next position is detached, so that nobody passes over events without noticing. */
export async function readAfter(pool: pg.Pool, after: number, limit: number): Promise<LedgerEvent[]> {
  // Positions are contiguous, so a range serves as the limit and lets the planner skip partitions.
  const events = await copyEvents(
    pool,
    `WHERE position > ${whole(after)} AND position <= ${whole(after + limit)} ORDER BY position`,
  )
  return requireAttached(pool, after, limit, events)
}

export async function readPositions(pool: pg.Pool, positions: readonly number[]): Promise<LedgerEvent[]> {
  if (positions.length === 0) return []
  const list = positions.map(whole).join(',')
  const events = await copyEvents(pool, `WHERE position = ANY('{${list}}'::bigint[]) ORDER BY position`)
  return requireReadable(pool, positions, events)
}

export function readDecisionsAfter(pool: pg.Pool, after: number, limit: number): Promise<LedgerEvent[]> {
  return copyEvents(
    pool,
    `WHERE position > ${whole(after)} AND stream_version IS NOT NULL ORDER BY position LIMIT ${whole(limit)}`,
  )
}

export function readStreamEvents(pool: pg.Pool, stream: string): Promise<LedgerEvent[]> {
  return copyEvents(
    pool,
    `WHERE stream = ${pg.escapeLiteral(stream)} AND stream_version IS NOT NULL ORDER BY stream_version`,
  )
}

export function readEventsOfStreams(pool: pg.Pool, streams: readonly string[]): Promise<LedgerEvent[]> {
  if (streams.length === 0) return Promise.resolve([])
  return copyEvents(
    pool,
    `WHERE stream IN (${streams.map((stream) => pg.escapeLiteral(stream)).join(',')}) AND stream_version IS NOT NULL ORDER BY stream, stream_version`,
  )
}

function copyEvents(pool: pg.Pool, where: string): Promise<LedgerEvent[]> {
  return copyOut(pool, `SELECT ${COLUMNS} FROM event ${where}`, decodeEvent)
}

function decodeEvent(reader: CopyReader): LedgerEvent {
  const position = reader.bigint()
  const stream = reader.text()
  const streamVersion = reader.optionalBigint()
  const source = reader.text()
  const sourceStream = reader.text()
  const recordId = reader.hex()
  const type = reader.text()
  const schemaVersion = reader.integer()
  const actor = reader.optionalText()
  const causation = reader.optionalText()
  return {
    position,
    stream,
    ...(streamVersion === undefined ? {} : { streamVersion }),
    type,
    source,
    sourceStream,
    recordId,
    schemaVersion,
    ...(actor === undefined ? {} : { actor }),
    ...(causation === undefined ? {} : { causation }),
    occurredAt: reader.timestamp() / 1000,
    recordedAt: reader.timestamp() / 1000,
    payload: reader.optionalBytes(),
  }
}
