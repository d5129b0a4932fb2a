import type pg from 'pg'
import type { DetachedRange } from './detached.js'

/** Streams `archive:<first position>` tell when a range was detached and reattached, and by which file. */
export const ARCHIVE_STREAM_PREFIX = 'archive:'
export const DETACHED_TYPE = 'EventRangeDetached'
export const REATTACHED_TYPE = 'EventRangeReattached'

/** What is said of a file when its range leaves the database; beside the file as `<file>.json`, and in the ledger. */
export interface ArchiveManifest {
  readonly first: number
  readonly last: number
  /** Events in the file: records and, once more, the decisions that stay in the database. */
  readonly events: number
  readonly decisions: number
  /** Records in the file by source. */
  readonly records: Readonly<Record<string, number>>
  /** Name of the file, without its folder: PostgreSQL's binary COPY of all columns of `event` in order of position, gzipped. */
  readonly file: string
  /** Of the file, in hex. */
  readonly sha256: string
}

/** A range that is detached now, with its manifest where the ledger itself declares it. */
export interface DeclaredRange extends DetachedRange {
  readonly manifest: ArchiveManifest | undefined
}

/** `event_archive` can be edited; the declaration is an event, and only its manifest counts. */
const DECLARED = `
SELECT a.first, a.last, a.file, encode(a.sha256, 'hex') AS sha256, (
  SELECT CASE WHEN type = '${DETACHED_TYPE}' THEN payload END FROM event
  WHERE stream = '${ARCHIVE_STREAM_PREFIX}' || a.first AND stream_version IS NOT NULL ORDER BY stream_version DESC LIMIT 1
) AS payload
FROM event_archive AS a ORDER BY a.first`

export async function declaredRanges(client: pg.Pool | pg.ClientBase): Promise<DeclaredRange[]> {
  const { rows } = await client.query<DeclaredRow>(DECLARED)
  return rows.map((row) => {
    const range = { first: Number(row.first), last: Number(row.last), file: row.file }
    const manifest = manifestIn(row.payload)
    const fits = manifest?.first === range.first && manifest.last === range.last && manifest.sha256 === row.sha256
    return { ...range, manifest: fits ? manifest : undefined }
  })
}

interface DeclaredRow {
  readonly first: string
  readonly last: string
  readonly file: string
  readonly sha256: string
  readonly payload: Buffer | null
}

function manifestIn(payload: Buffer | null): ArchiveManifest | undefined {
  try {
    return JSON.parse(payload?.toString('utf8') ?? '') as ArchiveManifest
  } catch {
    return undefined
  }
}
