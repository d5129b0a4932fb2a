import type pg from 'pg'
import type { RecordSpan } from './port.js'

/** Found by the index of decisions: where none stands, a record does. However many decisions there are, none of them is read. */
export async function readRecordSpans(
  pool: pg.Pool,
  after: number,
  through: number,
  limit: number,
): Promise<RecordSpan[]> {
  const { rows } = await pool.query<Record<keyof RecordSpan, string>>(SPANS, [after, through, limit])
  return rows.map(({ first, last }) => ({ first: Number(first), last: Number(last) }))
}

const DECIDED = 'FROM event WHERE position > $1::bigint AND position <= $2::bigint AND stream_version IS NOT NULL'

/** What lies before each decision, and behind the last. */
const SPANS = `
  SELECT first, last FROM (
    SELECT lag(position, 1, $1::bigint) OVER (ORDER BY position) + 1 AS first, position - 1 AS last ${DECIDED}
    UNION ALL
    SELECT coalesce(max(position), $1::bigint) + 1, $2::bigint ${DECIDED}) span
  WHERE first <= last ORDER BY first LIMIT $3`
