import type { Instant } from '@catena/domain'
import { undashed } from '@catena/projections'
import type pg from 'pg'
import type { SharingEntry, SharingKind } from './registry.js'

/** As known at a position, of what was decided up to a moment: a decision never counts before it was made. */
export interface SharingAsOf {
  readonly position: number
  readonly validAt?: Instant | undefined
}

interface Found {
  readonly kind: SharingKind
  readonly id: string
  readonly positions: readonly string[]
  readonly state: Record<string, unknown>
}

const END_OF_TIME_US = '9000000000000000'

/** Everything that was decided about the sharing of these credentials, by credential. */
export async function readSharing(
  pool: pg.Pool | pg.ClientBase,
  credentials: readonly string[],
  asOf: SharingAsOf,
): Promise<Map<string, SharingEntry[]>> {
  const { rows } = await pool.query<Found & { credentials: string[] }>(
    `SELECT newest.kind, newest.id, newest.positions, newest.state, newest.credentials::text[] AS credentials
     FROM (SELECT DISTINCT kind, id FROM decisions.sharing WHERE credentials && $1::uuid[] AND position <= $2) AS thing
     JOIN LATERAL (SELECT * FROM decisions.sharing s WHERE s.kind = thing.kind AND s.id = thing.id
       AND s.position <= $2 AND s.at_us <= $3 ORDER BY s.position DESC LIMIT 1) AS newest ON true
     WHERE newest.credentials && $1::uuid[] ORDER BY newest.kind, newest.id`,
    [credentials, asOf.position, momentUs(asOf)],
  )
  const found = new Map<string, SharingEntry[]>(credentials.map((credential) => [credential, []]))
  for (const row of rows) for (const credential of row.credentials) found.get(undashed(credential))?.push(entryOf(row))
  return found
}

/** One thing by its id; undefined where nothing was decided under it. */
export async function readSharingThing(
  pool: pg.Pool,
  kind: SharingKind,
  id: string,
  asOf: SharingAsOf,
): Promise<SharingEntry | undefined> {
  const { rows } = await pool.query<Found>(
    `SELECT kind, id, positions, state FROM decisions.sharing
     WHERE kind = $1 AND id = $2 AND position <= $3 AND at_us <= $4 ORDER BY position DESC LIMIT 1`,
    [kind, id, asOf.position, momentUs(asOf)],
  )
  const [row] = rows
  return row === undefined ? undefined : entryOf(row)
}

/** Things whose newest state has this status, newest first. */
export async function listSharing(
  pool: pg.Pool,
  kind: SharingKind,
  status: string | undefined,
  asOf: SharingAsOf,
  page: { readonly before?: number | undefined; readonly limit: number },
): Promise<{ readonly entry: SharingEntry; readonly position: number }[]> {
  const { rows } = await pool.query<Found & { position: string }>(
    `SELECT * FROM (
       SELECT DISTINCT ON (id) kind, id, positions, state, position FROM decisions.sharing
       WHERE kind = $1 AND position <= $2 AND at_us <= $3 ORDER BY id, position DESC) AS newest
     WHERE ($4::text IS NULL OR state ->> 'status' = $4) AND position < $5 ORDER BY position DESC LIMIT $6`,
    [kind, asOf.position, momentUs(asOf), status ?? null, page.before ?? Number.MAX_SAFE_INTEGER, page.limit],
  )
  return rows.map((row) => ({ entry: entryOf(row), position: Number(row.position) }))
}

function momentUs({ validAt }: SharingAsOf): string {
  return validAt === undefined ? END_OF_TIME_US : String(Math.round(validAt * 1000))
}

function entryOf({ kind, id, positions, state }: Found): SharingEntry {
  return { kind, id, state, positions: positions.map(Number) } as unknown as SharingEntry
}
