import type pg from 'pg'

const MAINTENANCE_LOCK = 72707371

/** Erasing and archiving exclude each other until the transaction ends: a file must never keep what was erased meanwhile. */
export async function lockMaintenance(client: pg.ClientBase): Promise<void> {
  await client.query('SELECT pg_advisory_xact_lock($1)', [MAINTENANCE_LOCK])
}
