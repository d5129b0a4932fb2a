import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { open, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import type pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { STORED_COLUMNS } from '../verify/stored-events.js'
import type { ArchiveManifest } from './declaration.js'

/** Writes all events of a table in order of position, and has them on disk when it returns. SHA-256 of the file in hex. */
export async function writeArchive(client: pg.ClientBase, table: string, path: string): Promise<string> {
  const draft = `${path}.part`
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
    await flush(draft)
    await rename(draft, path)
    await flush(join(path, '..'))
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
  return hash.digest('hex')
}

/** The manifest beside the file is for people; what counts is the one in the ledger. */
export async function writeManifest(path: string, manifest: ArchiveManifest): Promise<void> {
  await writeFile(`${path}.json`, `${JSON.stringify(manifest, undefined, 2)}\n`, { mode: 0o600 })
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

async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
