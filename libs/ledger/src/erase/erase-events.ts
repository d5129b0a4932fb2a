import { randomUUID } from 'node:crypto'
import type { Instant } from '@catena/domain'
import { connect, ERASE_ROLE, transaction } from '@catena/platform'
import type pg from 'pg'
import { appendToStream } from '../append-decisions.js'
import { detachedAt, EventsDetached } from '../archive/detached.js'
import { lockMaintenance } from '../archive/maintenance-lock.js'
import { Partitions } from '../partitions.js'
import {
  ERASURE_STREAM_PREFIX,
  requireErasable,
  requireErasure,
  tombstoneOf,
  type ErasureOutcome,
  type ErasureRequest,
} from './erasure.js'

/** Longest wait for an archive under way, and for other appenders. */
const LOCK_TIMEOUT_MS = 20_000

/** One transaction on a connection of its own: waiting for an archive must not hold up the appends of this process. */
export async function eraseEvents(databaseUrl: string, request: ErasureRequest, now: Instant): Promise<ErasureOutcome> {
  requireErasure(request)
  const client = await connect(databaseUrl, { applicationName: 'catena-erase', lockTimeoutMs: LOCK_TIMEOUT_MS })
  try {
    return await transaction(client, () => erase(client, request, now))
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function erase(client: pg.Client, request: ErasureRequest, now: Instant): Promise<ErasureOutcome> {
  await lockMaintenance(client)
  // Also of a decision, which stayed in the database: the file holds it once more.
  const [range] = await detachedAt(client, request.positions)
  if (range) throw new EventsDetached(range)
  const stream = `${ERASURE_STREAM_PREFIX}${request.id ?? randomUUID()}`
  await requireThere(client, request.positions)
  const tombstone = { stream, expectedVersion: 0, events: [tombstoneOf(request, now)] }
  const { head } = await appendToStream(client, new Partitions(), tombstone, now)
  return { stream, position: head, erased: await eraseNamedBy(client, head) }
}

async function requireThere(client: pg.Client, positions: readonly number[]): Promise<void> {
  const { rows } = await client.query<{ position: string; stream: string }>(
    'SELECT position, stream FROM event WHERE position = ANY($1::bigint[])',
    [positions],
  )
  requireErasable(
    positions,
    rows.map(({ position, stream }) => ({ position: Number(position), stream })),
  )
}

/** The function reads the positions from the tombstone itself, so that nothing can be erased that none names. */
async function eraseNamedBy(client: pg.Client, tombstone: number): Promise<number> {
  const { rows } = await client.query<{ ready: boolean }>(
    `SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1 AND pg_has_role(session_user, oid, 'MEMBER')) AS ready`,
    [ERASE_ROLE],
  )
  // Without the roles the session is the owner's, which may call the function as it is.
  if (rows[0]?.ready) await client.query(`SET LOCAL ROLE ${ERASE_ROLE}`)
  const erased = await client.query<{ count: string }>('SELECT ledger_erase($1) AS count', [tombstone])
  return Number(erased.rows[0]?.count)
}
