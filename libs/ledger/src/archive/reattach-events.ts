import { join } from 'node:path'
import { connect, systemClock, transaction, type Clock } from '@catena/platform'
import type pg from 'pg'
import { fileHash } from '../verify/check-archives.js'
import { readArchive } from './archive-file.js'
import { declaredRanges, REATTACHED_TYPE, type ArchiveManifest } from './declaration.js'
import { declare } from './declare.js'
import { EXCHANGE_LOCK_TIMEOUT_MS } from './detach-events.js'
import { lockMaintenance } from './maintenance-lock.js'
import { NotArchivable } from './not-archivable.js'
import { createAside, partitionOf, replacePartition } from './partition-table.js'

export interface ReattachRequest {
  /** Of the owner: partitions are exchanged. */
  readonly ownerUrl: string
  readonly folder: string
  /** Name of the file, as its manifest has it. */
  readonly file: string
  readonly actor: string
  readonly clock?: Clock
}

/** Brings the records of a file back. The file stays. Throws NotArchivable unless it is, byte by byte, the one that the ledger declares. */
export async function reattachEvents(request: ReattachRequest): Promise<ArchiveManifest> {
  const client = await connect(request.ownerUrl, {
    applicationName: 'catena-archive',
    statementTimeoutMs: 0,
    lockTimeoutMs: EXCHANGE_LOCK_TIMEOUT_MS,
  })
  try {
    return await transaction(client, () => reattach(client, request))
  } finally {
    await client.end()
  }
}

async function reattach(
  client: pg.Client,
  { folder, file, actor, clock = systemClock }: ReattachRequest,
): Promise<ArchiveManifest> {
  await lockMaintenance(client)
  const range = (await declaredRanges(client)).find((each) => each.file === file)
  if (range?.manifest === undefined) throw new NotArchivable(`the ledger does not declare ${file} as detached`)
  if ((await fileHash(join(folder, file))) !== range.manifest.sha256)
    throw new NotArchivable(`${file} is missing or is not the file that was detached`)
  const part = partitionOf(range.first)
  const aside = await createAside(client, part)
  await readArchive(client, join(folder, file), aside)
  await declare(client, REATTACHED_TYPE, range.manifest, actor, clock.now())
  // Decisions stayed, and one may have been erased since: the ledger's own are the truth.
  await client.query(`DELETE FROM ${aside} WHERE stream_version IS NOT NULL`)
  await client.query(`INSERT INTO ${aside} SELECT * FROM ${part.name}`)
  await replacePartition(client, part, aside)
  await client.query('DELETE FROM event_archive WHERE first = $1', [range.first])
  return range.manifest
}
