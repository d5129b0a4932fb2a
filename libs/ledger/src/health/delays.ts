import type pg from 'pg'

/** Newest events that delays are taken from: enough for a median, few enough to read at once. */
export const DELAY_EVENTS_MAX = 10_000

/** From the time that a record bears to its entry into the ledger, ms; negative where the source's clock is ahead. */
export interface SourceDelay {
  readonly source: string
  /** Records that were looked at: the source's among the newest events of the ledger. */
  readonly records: number
  readonly medianMs: number
  readonly greatestMs: number
}

const DELAYS = `
SELECT source, count(*)::int AS records, percentile_cont(0.5) WITHIN GROUP (ORDER BY delay) AS median, max(delay) AS greatest
FROM (
  SELECT source, extract(epoch FROM recorded_at - occurred_at)::float8 * 1000 AS delay FROM event
  WHERE position > (SELECT position FROM ledger_head) - $1::bigint AND stream_version IS NULL
) AS newest GROUP BY source ORDER BY source`

export async function readDelays(pool: pg.Pool): Promise<SourceDelay[]> {
  const { rows } = await pool.query<{ source: string; records: number; median: number; greatest: number }>(DELAYS, [
    DELAY_EVENTS_MAX,
  ])
  return rows.map(({ source, records, median, greatest }) => ({
    source,
    records,
    medianMs: Math.round(median),
    greatestMs: Math.round(greatest),
  }))
}
