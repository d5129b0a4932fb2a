import type pg from 'pg'
import { withoutTimeout } from './check-keys.js'
import type { Finding } from './finding.js'

const WRONG_VERSIONS = `
SELECT position, stream, stream_version, before FROM (
  SELECT position, stream, stream_version, lag(stream_version, 1, 0) OVER (PARTITION BY stream ORDER BY position) AS before
  FROM event WHERE stream_version IS NOT NULL
) AS versions WHERE stream_version <> before + 1 ORDER BY position LIMIT $1`

/** Versions and heads move in one transaction, so one statement sees them in step. */
const WRONG_HEADS = `
SELECT stream, head.version AS head, last.version AS last
FROM stream_head AS head
FULL JOIN (SELECT stream, max(stream_version) AS version FROM event WHERE stream_version IS NOT NULL GROUP BY stream) AS last USING (stream)
WHERE head.version IS DISTINCT FROM last.version ORDER BY stream LIMIT $1`

/** Each stream of decisions counts from 1 without gap, and its head names its last event. */
export async function checkStreams(pool: pg.Pool, max: number): Promise<Finding[]> {
  const versions = await withoutTimeout(pool, WRONG_VERSIONS, [max])
  const heads = await withoutTimeout(pool, WRONG_HEADS, [max])
  return [...versions.rows.map(versionFinding), ...heads.rows.map(headFinding)]
}

function versionFinding(row: { position: string; stream: string; stream_version: string; before: string }): Finding {
  return {
    kind: 'stream-version-wrong',
    position: Number(row.position),
    detail: `version ${row.stream_version} of ${row.stream} follows version ${row.before}`,
  }
}

function headFinding(row: { stream: string; head: string | null; last: string | null }): Finding {
  return {
    kind: 'stream-head-wrong',
    detail: `${row.stream} stands at version ${row.head ?? 'none'}, its last event has ${row.last ?? 'none'}`,
  }
}
