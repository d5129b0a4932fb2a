import type { Instant } from '@catena/domain'
import type pg from 'pg'
import { appendToStream } from '../append-decisions.js'
import { Partitions } from '../partitions.js'
import { ARCHIVE_STREAM_PREFIX, type ArchiveManifest } from './declaration.js'

/** Says in the ledger what happened to the range. Locks its head until the transaction ends. */
export async function declare(
  client: pg.Client,
  type: string,
  manifest: ArchiveManifest,
  actor: string,
  now: Instant,
): Promise<void> {
  const stream = `${ARCHIVE_STREAM_PREFIX}${manifest.first}`
  const { rows } = await client.query<{ version: string }>('SELECT version FROM stream_head WHERE stream = $1', [
    stream,
  ])
  const payload = Buffer.from(JSON.stringify(manifest))
  const event = { type, schemaVersion: 1, occurredAt: now, actor, payload, subjects: [] }
  const append = { stream, expectedVersion: Number(rows[0]?.version ?? 0), events: [event] }
  await appendToStream(client, new Partitions(), append, now)
}
