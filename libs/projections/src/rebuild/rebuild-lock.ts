import { connect, endWhenSilent } from '@catena/platform'
import type pg from 'pg'
import { RebuildUnderWay } from './errors.js'

/** Advisory lock of whoever rebuilds a projection in this database. */
const REBUILD_LOCK = 72707372
/** The server ends the session of a process that was stopped for longer, and the lock is free. */
const SILENCE_MAX_MS = 15_000
const PING_MS = 3_000

/** A session of the owner that alone may rebuild, for as long as it lives. */
export interface RebuildSession {
  readonly client: pg.Client
  close(): Promise<void>
}

/** Throws RebuildUnderWay. */
export async function beginRebuild(ownerUrl: string, projection: string): Promise<RebuildSession> {
  const client = await connect(ownerUrl, {
    applicationName: 'catena-rebuild',
    statementTimeoutMs: 0,
    idleInTransactionTimeoutMs: SILENCE_MAX_MS,
  })
  try {
    await endWhenSilent(client, SILENCE_MAX_MS)
    const { rows } = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [
      REBUILD_LOCK,
    ])
    if (rows[0]?.locked !== true) throw new RebuildUnderWay(projection)
  } catch (error) {
    await client.end()
    throw error
  }
  // A session that died says so at its next statement, before anything is switched.
  const ping = setInterval(() => void client.query('SELECT 1').catch(() => undefined), PING_MS)
  return {
    client,
    close: async () => {
      clearInterval(ping)
      await client.end().catch(() => undefined)
    },
  }
}
