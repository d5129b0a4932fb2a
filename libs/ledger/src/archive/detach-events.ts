import { join } from 'node:path'
import type { Instant } from '@catena/domain'
import { connect, systemClock, transaction, type Clock } from '@catena/platform'
import type pg from 'pg'
import { PARTITION_POSITIONS } from '../partitions.js'
import { verifyLedger } from '../verify/verify-ledger.js'
import { removeArchive, writeArchive, writeManifest } from './archive-file.js'
import { DETACHED_TYPE, type ArchiveManifest } from './declaration.js'
import { declare } from './declare.js'
import { lockMaintenance } from './maintenance-lock.js'
import { NotArchivable } from './not-archivable.js'
import { createAside, partitionOf, replacePartition, type PartitionTable } from './partition-table.js'

/** Longest wait for readers before the partition is exchanged; they wait for as long behind it. */
export const EXCHANGE_LOCK_TIMEOUT_MS = 5_000

export interface DetachRequest {
  /** Of the owner: partitions are exchanged. */
  readonly ownerUrl: string
  /** Partitions that end at or before this position go; the one that is being written never does. */
  readonly upTo: number
  /** Where the files go; it exists. */
  readonly folder: string
  readonly actor: string
  readonly clock?: Clock
  /** Longest wait for readers; EXCHANGE_LOCK_TIMEOUT_MS. */
  readonly lockTimeoutMs?: number
}

/**
 * Moves the records of closed partitions into files, oldest first, each in a transaction of its own; a partition that was moved before is
 * passed over. Decisions stay, because streams are read from their beginning, and so do the keys by which a repeated record is known.
 * The files hold personal data: an erasure of events in them begins with reattaching. Throws NotArchivable where a range does not verify.
 */
export async function detachEvents(request: DetachRequest): Promise<ArchiveManifest[]> {
  const client = await connect(request.ownerUrl, {
    applicationName: 'catena-archive',
    statementTimeoutMs: 0,
    lockTimeoutMs: request.lockTimeoutMs ?? EXCHANGE_LOCK_TIMEOUT_MS,
  })
  try {
    const manifests: ArchiveManifest[] = []
    for (const part of await closedPartitions(client, request.upTo)) {
      const manifest = await transaction(client, () => detach(client, part, request))
      if (manifest) manifests.push(manifest)
    }
    return manifests
  } finally {
    await client.end()
  }
}

async function closedPartitions(client: pg.Client, upTo: number): Promise<PartitionTable[]> {
  const { rows } = await client.query<{ head: string }>('SELECT position AS head FROM ledger_head')
  const last = Math.min(upTo, Number(rows[0]?.head ?? 0))
  const count = Math.floor((last + 1) / PARTITION_POSITIONS)
  return Array.from({ length: count }, (_, number) => partitionOf(number * PARTITION_POSITIONS))
}

async function detach(
  client: pg.Client,
  part: PartitionTable,
  { ownerUrl, folder, actor, clock = systemClock }: DetachRequest,
): Promise<ArchiveManifest | undefined> {
  await lockMaintenance(client)
  const content = await contentOf(client, part)
  if (content === undefined) return undefined
  await requireSound(ownerUrl, content)
  const { file, sha256, isNew } = await writeArchive(client, part.name, {
    folder,
    name: `events-${content.first}-${content.last}`,
  })
  const path = join(folder, file)
  try {
    const manifest = { ...content, file, sha256 }
    await writeManifest(path, manifest)
    await exchange(client, part, manifest, actor, clock.now())
    return manifest
  } catch (error) {
    // What stays in the database can be erased there, and nobody would look for it in a file that the ledger does not declare.
    if (isNew) await removeArchive(path)
    throw error
  }
}

/** Undefined where no records are left. */
async function contentOf(
  client: pg.Client,
  { name }: PartitionTable,
): Promise<Omit<ArchiveManifest, 'file' | 'sha256'> | undefined> {
  const { rows } = await client.query<{ first: string; last: string; events: string; decisions: string }>(
    `SELECT min(position) AS first, max(position) AS last, count(*) AS events, count(stream_version) AS decisions FROM ${name}`,
  )
  const sources = await client.query<{ source: string; count: string }>(
    `SELECT substr(stream, 8) AS source, count(*) FROM ${name} WHERE stream_version IS NULL GROUP BY 1`,
  )
  if (rows[0] === undefined || sources.rows.length === 0) return undefined
  const records = Object.fromEntries(sources.rows.map(({ source, count }) => [source, Number(count)]))
  const { first, last, events, decisions } = rows[0]
  return { first: Number(first), last: Number(last), events: Number(events), decisions: Number(decisions), records }
}

/** What was tampered with must not leave with a manifest that calls it whole. */
async function requireSound(databaseUrl: string, { first, last }: { first: number; last: number }): Promise<void> {
  const { findings } = await verifyLedger(databaseUrl, { from: first, to: last })
  if (findings[0] === undefined) return
  throw new NotArchivable(
    `events ${first} to ${last} do not verify: ${findings[0].kind} at ${findings[0].position ?? '?'}`,
  )
}

/** Declared first: that locks the head, so no appender is between it and the tables. */
async function exchange(
  client: pg.Client,
  part: PartitionTable,
  manifest: ArchiveManifest,
  actor: string,
  now: Instant,
): Promise<void> {
  await declare(client, DETACHED_TYPE, manifest, actor, now)
  const aside = await createAside(client, part)
  await client.query(`INSERT INTO ${aside} SELECT * FROM ${part.name} WHERE stream_version IS NOT NULL`)
  await replacePartition(client, part, aside)
  await client.query(
    `INSERT INTO event_archive (first, last, file, sha256, archived_at) VALUES ($1, $2, $3, decode($4, 'hex'), to_timestamp($5))`,
    [manifest.first, manifest.last, manifest.file, manifest.sha256, now / 1000],
  )
}
