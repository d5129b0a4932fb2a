import type { Instant } from '@catena/domain'
import type pg from 'pg'
import { insertEvents, lockHead } from '../append-batch.js'
import { idText } from '../batch.js'
import { copySourceKeys } from '../event-copy.js'
import { recordRows } from '../event-row.js'
import type { Partitions } from '../partitions.js'
import type { NewRecord } from '../port.js'
import { admitRecords } from '../source-keys.js'
import { storableInstant, storableJson } from '../storable.js'
import { attemptResults, attemptRows, type AttemptResult, type AttemptRow, type ReleaseAttempt } from './quarantine.js'
import { releasesOf } from './read-quarantine.js'

const INSERT = `
INSERT INTO quarantine_release (quarantine_id, outcome, source, record_id, position, reason, actor, attempted_at)
SELECT entry, outcome, source, decode("recordId", 'hex'), position, reason, actor, to_timestamp($2)
FROM jsonb_to_recordset($1::jsonb) AS added
  (entry bigint, outcome text, source text, "recordId" text, position bigint, reason text, actor text)`

/** The steps of one transaction. The lock on the head keeps two releases of one entry apart. */
export async function appendReleases(
  client: pg.Client,
  partitions: Partitions,
  attempts: readonly ReleaseAttempt[],
  now: Instant,
): Promise<AttemptResult[]> {
  const head = await lockHead(client)
  const entries = attempts.map(({ entry }) => entry)
  await requireEntries(client, entries)
  const closed = await releasesOf(client, entries)
  const open = attempts.filter(({ entry }) => !closed.has(entry))
  const records = open.flatMap((attempt) => ('record' in attempt ? [attempt.record] : []))
  const stored = await admitRecords(client, records)
  if (stored.length > 0) {
    await copySourceKeys(client, stored, head)
    await insertEvents(client, partitions, recordRows(stored, head, now), head, stored.length)
  }
  const rows = attemptRows(open, new Set(stored), await positionsOf(client, records), storableInstant(now))
  await insertRows(client, rows, now)
  return attemptResults(attempts, closed, rows)
}

async function requireEntries(client: pg.Client, entries: readonly number[]): Promise<void> {
  const { rows } = await client.query<{ id: string }>('SELECT id FROM quarantine WHERE id = ANY($1::bigint[])', [
    entries,
  ])
  const known = new Set(rows.map(({ id }) => Number(id)))
  const unknown = entries.filter((entry) => !known.has(entry))
  if (unknown.length > 0) throw new RangeError(`nothing is quarantined under ${unknown.slice(0, 10).join(', ')}`)
}

async function positionsOf(client: pg.Client, records: readonly NewRecord[]): Promise<Map<string, number>> {
  const { rows } = await client.query<{ record_id: Buffer; position: string }>(
    'SELECT record_id, position FROM source_key WHERE record_id = ANY($1::bytea[])',
    [records.map(({ recordId }) => recordId)],
  )
  return new Map(rows.map((row) => [idText(row.record_id), Number(row.position)]))
}

async function insertRows(client: pg.Client, rows: readonly AttemptRow[], now: Instant): Promise<void> {
  if (rows.length === 0) return
  const texts = rows.map(({ recordId, ...row }) => ({ ...row, recordId: recordId?.toString('hex') }))
  await client.query(INSERT, [storableJson(texts), now / 1000])
}
