import type pg from 'pg'
import type { StoredEvent } from './check-event.js'
import type { Finding } from './finding.js'

const POSITIONS = `
SELECT number, key.position FROM generate_series(0, $2::int) AS number
CROSS JOIN LATERAL (
  SELECT position FROM source_key WHERE record_id = substring($1::bytea FROM number * 16 + 1 FOR 16) OFFSET 0
) AS key`

/** Event → key: each record is known by its id, at its position. */
export async function checkKeysOf(pool: pg.Pool, records: readonly StoredEvent[]): Promise<Finding[]> {
  if (records.length === 0) return []
  const packed = Buffer.concat(records.map(({ recordId }) => Buffer.concat([recordId, Buffer.alloc(16)], 16)))
  const { rows } = await pool.query<{ number: number; position: string }>(POSITIONS, [packed, records.length - 1])
  const known = new Map(rows.map(({ number, position }) => [number, Number(position)]))
  return records.flatMap(({ position }, index) => {
    const led = known.get(index)
    if (led === position) return []
    const detail = led === undefined ? 'the key of this record is gone' : `the key of this record leads to ${led}`
    return [{ kind: 'source-key-missing', position, detail }]
  })
}

/** The archive is declared in the ledger; a key into it is right if the range is there. */
const ASTRAY = `
SELECT key.position FROM source_key AS key
WHERE key.position BETWEEN $1 AND $2
  AND NOT EXISTS (SELECT FROM event WHERE event.position = key.position AND event.record_id = key.record_id AND event.stream_version IS NULL)
  AND NOT EXISTS (SELECT FROM event_archive AS a WHERE key.position BETWEEN a.first AND a.last)
ORDER BY key.position LIMIT $3`

/** Key → event, over a range. Keys behind `last` belong to appends after the verification began. */
export async function checkKeysInto(pool: pg.Pool, first: number, last: number, max: number): Promise<Finding[]> {
  const { rows } = await withoutTimeout(pool, ASTRAY, [first, last, max])
  return rows.map((row) => ({
    kind: 'source-key-astray',
    position: Number((row as { position: string }).position),
    detail: 'a key leads here, and its record does not stand here',
  }))
}

/** These read whole tables, longer than a page of an application may take. */
export async function withoutTimeout(pool: pg.Pool, sql: string, values: unknown[]): Promise<pg.QueryResult> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN; SET LOCAL statement_timeout = 0')
    const result = await client.query(sql, values)
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  } finally {
    client.release()
  }
}
