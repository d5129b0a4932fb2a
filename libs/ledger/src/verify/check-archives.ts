import { createReadStream } from 'node:fs'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { DeclaredRange } from '../archive/declaration.js'
import type { Finding } from './finding.js'

/** Each detached range is declared in the ledger; with folders, its file is in one of them and has the hash declared. */
export async function checkArchives(
  ranges: readonly DeclaredRange[],
  folders: readonly string[] | undefined,
): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const range of ranges) {
    const wrong = await faultOf(range, folders)
    if (wrong !== undefined)
      findings.push({ kind: 'archive-wrong', position: range.first, last: range.last, detail: wrong })
  }
  return findings
}

async function faultOf(
  { file, manifest }: DeclaredRange,
  folders: readonly string[] | undefined,
): Promise<string | undefined> {
  if (manifest === undefined) return `no declaration in the ledger covers ${file}`
  if (folders === undefined) return undefined
  let isThere = false
  for (const folder of folders) {
    const sha256 = await fileHash(join(folder, file))
    if (sha256 === manifest.sha256) return undefined
    isThere ||= sha256 !== undefined
  }
  return isThere ? `${file} does not have the hash declared in the ledger` : `${file} cannot be read`
}

/** SHA-256 in hex; undefined when the file cannot be read. */
export async function fileHash(path: string): Promise<string | undefined> {
  const hash = createHash('sha256')
  try {
    await pipeline(createReadStream(path), hash)
  } catch {
    return undefined
  }
  return hash.digest('hex')
}
