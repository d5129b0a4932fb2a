import type { Instant } from '@catena/domain'
import type { Page, PageRequest } from '@catena/projections'
import type pg from 'pg'
import type { EvidenceRead } from './evidence-read.js'

export interface ListedRead extends EvidenceRead {
  /** Of its event in the ledger. */
  readonly position: number
  readonly at: Instant
}

export interface ReadFilter {
  readonly caller?: string | undefined
  /** `<type>:<id>`: who was shown this? */
  readonly shown?: string | undefined
}

interface Row {
  position: string; caller: string; at: Date; operation: string | null; query_hash: string; fields: string[]; shown: string[]; request: string | null
} // prettier-ignore

/** Newest first. */
export async function listReads(
  pool: pg.Pool,
  filter: ReadFilter,
  { limit, after }: PageRequest,
): Promise<Page<ListedRead>> {
  const { rows } = await pool.query<Row>(
    `SELECT * FROM decisions.evidence_read
     WHERE ($1::bigint IS NULL OR position < $1) AND ($2::text IS NULL OR caller = $2)
       AND ($3::text IS NULL OR shown @> ARRAY[$3::text])
     ORDER BY position DESC LIMIT $4`,
    [after?.[0], filter.caller, filter.shown, limit + 1],
  )
  const items = rows.slice(0, limit).map((row) => ({ item: listed(row), place: [row.position] }))
  return { items, hasMore: rows.length > limit }
}

function listed(row: Row): ListedRead {
  return {
    position: Number(row.position),
    caller: row.caller,
    at: row.at.getTime(),
    operation: row.operation ?? undefined,
    queryHash: row.query_hash,
    fields: row.fields,
    shown: row.shown,
    request: row.request ?? undefined,
  }
}
