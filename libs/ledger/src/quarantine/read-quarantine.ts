import type pg from 'pg'
import type { Locator } from '../port.js'
import type {
  AttemptOutcome,
  QuarantineCounts,
  QuarantineEntry,
  QuarantineQuery,
  QuarantineRelease,
} from './quarantine.js'

const RELEASED = `outcome IN ('stored', 'duplicate')`

/** The attempt that released an entry comes before all others, then the newest. */
const ENTRIES = `
SELECT entry.id, entry.source, locator, encode(entry.record_id, 'hex') AS record_id, length_bytes, entry.reason, shape, seen,
  first_seen_at, last_seen_at, attempts, outcome, attempt.source AS attempt_source, position, attempt.reason AS attempt_reason,
  actor, attempted_at
FROM quarantine AS entry
LEFT JOIN LATERAL (
  SELECT *, count(*) OVER () AS attempts FROM quarantine_release WHERE quarantine_id = entry.id
  ORDER BY ${RELEASED} DESC, id DESC LIMIT 1
) AS attempt ON true`

const COUNTS = `
SELECT source, count(*) AS entries, count(*) FILTER (WHERE EXISTS (
  SELECT FROM quarantine_release WHERE quarantine_id = quarantine.id AND ${RELEASED}
)) AS released
FROM quarantine GROUP BY source ORDER BY source COLLATE "C"`

export async function readEntries(
  pool: pg.Pool,
  { after = 0, limit, source, state }: QuarantineQuery,
): Promise<QuarantineEntry[]> {
  const { rows } = await pool.query<EntryRow>(
    `${ENTRIES} WHERE entry.id > $1 AND ($2::text IS NULL OR entry.source = $2)
      AND ($3::boolean IS NULL OR coalesce(${RELEASED}, false) = $3)
    ORDER BY entry.id LIMIT $4`,
    [after, source ?? null, state === undefined ? null : state === 'released', limit],
  )
  return rows.map(entryOf)
}

export async function readEntry(pool: pg.Pool, id: number): Promise<QuarantineEntry | undefined> {
  const { rows } = await pool.query<EntryRow>(`${ENTRIES} WHERE entry.id = $1`, [id])
  return rows[0] && entryOf(rows[0])
}

export async function countEntries(pool: pg.Pool): Promise<QuarantineCounts[]> {
  const { rows } = await pool.query<{ source: string; entries: string; released: string }>(COUNTS)
  return rows.map(({ source, entries, released }) => ({
    source,
    open: Number(entries) - Number(released),
    released: Number(released),
  }))
}

/** The releases of those entries that are released. */
export async function releasesOf(
  client: pg.ClientBase,
  entries: readonly number[],
): Promise<Map<number, QuarantineRelease>> {
  const { rows } = await client.query<AttemptColumns & { quarantine_id: string }>(
    `SELECT quarantine_id, outcome, source AS attempt_source, position, reason AS attempt_reason, actor, attempted_at
     FROM quarantine_release WHERE quarantine_id = ANY($1::bigint[]) AND ${RELEASED}`,
    [entries],
  )
  return new Map(rows.map((row) => [Number(row.quarantine_id), attemptOf(Number(row.quarantine_id), row)]))
}

interface AttemptColumns {
  readonly outcome: AttemptOutcome
  readonly attempt_source: string
  readonly position: string | null
  readonly attempt_reason: string | null
  readonly actor: string
  readonly attempted_at: Date
}

type EntryRow = {
  readonly id: string
  readonly source: string
  readonly locator: Locator
  readonly record_id: string
  readonly length_bytes: string
  readonly reason: string
  readonly shape: string
  readonly seen: string
  readonly first_seen_at: Date
  readonly last_seen_at: Date
} & (({ readonly attempts: string } & AttemptColumns) | { readonly attempts: null })

function entryOf(row: EntryRow): QuarantineEntry {
  return {
    id: Number(row.id),
    source: row.source,
    locator: row.locator,
    recordId: row.record_id,
    lengthBytes: Number(row.length_bytes),
    reason: row.reason,
    shape: row.shape,
    seen: Number(row.seen),
    firstSeenAt: row.first_seen_at.getTime(),
    lastSeenAt: row.last_seen_at.getTime(),
    attempts: Number(row.attempts ?? 0),
    ...(row.attempts === null ? {} : { lastAttempt: attemptOf(Number(row.id), row) }),
  }
}

function attemptOf(entry: number, row: AttemptColumns): QuarantineRelease {
  return {
    entry,
    outcome: row.outcome,
    source: row.attempt_source,
    ...(row.position === null ? {} : { position: Number(row.position) }),
    ...(row.attempt_reason === null ? {} : { reason: row.attempt_reason }),
    actor: row.actor,
    at: row.attempted_at.getTime(),
  }
}
