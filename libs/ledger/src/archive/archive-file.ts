import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { flushFile } from '@catena/platform'
import type pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { fileHash } from '../verify/check-archives.js'
import { STORED_COLUMNS } from '../verify/stored-events.js'
import { archiveName } from './archive-name.js'
import type { ArchiveManifest } from './declaration.js'
import { NotArchivable } from './not-archivable.js'

/** Why a file cannot be written; other codes are those of the connection to the database. */
const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  EFBIG: 'the file system takes no file of this size',
  EROFS: 'the file system is read-only',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EIO: 'the disk does not work',
}

export interface WrittenArchive {
  /** Without its folder. */
  readonly file: string
  /** In hex. */
  readonly sha256: string
  /** False: the very same file was there before. */
  readonly isNew: boolean
}

/**
 * Writes all events of a table in order of position, and has them on disk when it returns. A file that is there already stays what it is: it may
 * be all that is left of what another state of the ledger, or another installation, moved there. Throws NotArchivable where nothing can be written.
 * Where it throws, the client is closed.
 */
export async function writeArchive(
  client: pg.Client,
  table: string,
  { folder, name }: { readonly folder: string; readonly name: string },
): Promise<WrittenArchive> {
  const draft = join(folder, `${archiveName(name, 1)}.part`)
  const hash = createHash('sha256')
  const hashing = new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk)
      done(undefined, chunk)
    },
  })
  const query = `COPY (SELECT ${STORED_COLUMNS} FROM ${table} ORDER BY position) TO STDOUT (FORMAT binary)`
  try {
    await pipeline(client.query(copyTo(query)), createGzip(), hashing, createWriteStream(draft, { mode: 0o600 }))
    await flushFile(draft)
    const sha256 = hash.digest('hex')
    const { file, isNew } = await placeFor(sha256, folder, name)
    await rename(draft, join(folder, file))
    await flushFile(folder)
    return { file, sha256, isNew }
  } catch (error) {
    // The server goes on sending rows that nobody reads, and would answer nothing else before the last of them.
    await client.end()
    await rm(draft, { force: true })
    throw explained(error, draft)
  }
}

/** Under the first name of the range that no other file has. */
async function placeFor(sha256: string, folder: string, name: string): Promise<{ file: string; isNew: boolean }> {
  for (let number = 1; ; number++) {
    const file = archiveName(name, number)
    const isNew = !existsSync(join(folder, file))
    if (isNew || (await fileHash(join(folder, file))) === sha256) return { file, isNew }
  }
}

function explained(error: unknown, path: string): unknown {
  const reason = REASONS[(error as NodeJS.ErrnoException).code ?? '']
  if (reason === undefined) return error
  return new NotArchivable(
    `${path} cannot be written (${reason}): its range stays in the database; make room, or name another folder`,
  )
}

/** The manifest beside the file is for people; what counts is the one in the ledger. Throws NotArchivable. */
export async function writeManifest(path: string, manifest: ArchiveManifest): Promise<void> {
  const text = `${JSON.stringify(manifest, undefined, 2)}\n`
  await writeFile(`${path}.json`, text, { mode: 0o600 }).catch((error: unknown) => {
    throw explained(error, `${path}.json`)
  })
}

/** With its manifest, where there is one. */
export async function removeArchive(path: string): Promise<void> {
  await rm(path, { force: true })
  await rm(`${path}.json`, { force: true })
}

/** The caller has compared the file's hash with the ledger's. */
export async function readArchive(client: pg.ClientBase, path: string, table: string): Promise<void> {
  const rows = client.query(copyFrom(`COPY ${table} (${STORED_COLUMNS}) FROM STDIN (FORMAT binary)`))
  await pipeline(createReadStream(path), createGunzip(), rows)
}
