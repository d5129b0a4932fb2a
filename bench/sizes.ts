import type pg from 'pg'

/** Bytes on disk, with indexes. */
export interface Sizes {
  readonly ledgerBytes: number
  readonly readModelBytes: number
}

export async function measureSizes(client: pg.Client | pg.Pool): Promise<Sizes> {
  const { rows } = await client.query<{ ledger: string; models: string }>(`
    SELECT sum(pg_total_relation_size(c.oid)) FILTER (WHERE c.relname ~ '^(event|source_key)') AS ledger,
           sum(pg_total_relation_size(c.oid)) FILTER (WHERE c.relname ~ '^access_') AS models
    FROM pg_class c WHERE c.relkind = 'r'`)
  return { ledgerBytes: Number(rows[0]?.ledger), readModelBytes: Number(rows[0]?.models) }
}
