import { buffer } from 'node:stream/consumers'
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { CopyReader } from './copy-reader.js'
import type { LedgerEvent } from './port.js'

const COLUMNS = `position, stream, stream_version, source, source_stream, record_id, type, schema_version, actor, causation,
  occurred_at, recorded_at, payload`

export function readAfter(pool: pg.Pool, after: number, limit: number): Promise<LedgerEvent[]> {
  // Positions are contiguous, so a range serves as the limit and lets the planner skip partitions.
  return copyOut(pool, `WHERE position > ${whole(after)} AND position <= ${whole(after + limit)} ORDER BY position`)
}

export async function readPositions(pool: pg.Pool, positions: readonly number[]): Promise<LedgerEvent[]> {
  if (positions.length === 0) return []
  return copyOut(pool, `WHERE position = ANY('{${positions.map(whole).join(',')}}'::bigint[]) ORDER BY position`)
}

export function readDecisions(pool: pg.Pool, stream: string): Promise<LedgerEvent[]> {
  return copyOut(
    pool,
    `WHERE stream = ${pg.escapeLiteral(stream)} AND stream_version IS NOT NULL ORDER BY stream_version`,
  )
}

/** COPY takes no parameters, so positions are written into its text: whole numbers only. */
function whole(position: number): string {
  if (!Number.isSafeInteger(position)) throw new RangeError('a position is a whole number')
  return String(position)
}

/** Binary COPY: payloads come as they are, where a SELECT would send them as hex, twice as long. */
async function copyOut(pool: pg.Pool, where: string): Promise<LedgerEvent[]> {
  const client = await pool.connect()
  let failure: Error | undefined
  try {
    return decode(
      await buffer(client.query(copyTo(`COPY (SELECT ${COLUMNS} FROM event ${where}) TO STDOUT (FORMAT binary)`))),
    )
  } catch (error) {
    failure = error as Error
    throw error
  } finally {
    client.release(failure)
  }
}

function decode(bytes: Buffer): LedgerEvent[] {
  const reader = new CopyReader(bytes)
  const events: LedgerEvent[] = []
  while (reader.next()) events.push(decodeEvent(reader))
  return events
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
