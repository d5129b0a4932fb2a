import pg from 'pg'
import { ACCESS_INDEX_JSON } from '../rebuild/access-index-loader.js'
import { rowText } from '../state-hash.js'

/** A row of the index that is not what the ledger says. */
export interface ReadModelDifference {
  readonly table: string
  /** `missing`: the ledger tells of it, the index does not hold it; `unexpected`: the other way round. */
  readonly kind: 'missing' | 'unexpected' | 'different'
  /** Of rows that belong to one fact. */
  readonly factId: string | undefined
  /** The row's key, as hashes. */
  readonly row: string
}

/** Compares only rows of the facts in a table of this session, and those that the index has not heard of again since a position. */
export interface CompareScope {
  readonly facts: string
  readonly upTo: number
}

/** Differences of tables by their keys, at most `limit` of them, and how many there are. */
export async function compareTables(
  client: pg.ClientBase,
  serving: string,
  fresh: string,
  tables: readonly string[],
  limit: number,
  scope?: CompareScope,
): Promise<{ differences: ReadModelDifference[]; count: number }> {
  const differences: ReadModelDifference[] = []
  let count = 0
  for (const table of tables) {
    const { rows } = await client.query<Row>(await query(client, serving, fresh, table, limit, scope))
    count += Number(rows[0]?.count ?? 0)
    for (const { kind, factid, row } of rows) differences.push({ table, kind, factId: factid ?? undefined, row })
  }
  return { differences: differences.slice(0, limit), count }
}

interface Row {
  readonly kind: ReadModelDifference['kind']
  readonly factid: string | null
  readonly row: string
  readonly count: string
}

async function query(
  client: pg.ClientBase,
  serving: string,
  fresh: string,
  table: string,
  limit: number,
  scope: CompareScope | undefined,
): Promise<string> {
  const key = await primaryKey(client, serving, table)
  const text = await rowText(client, serving, table, ACCESS_INDEX_JSON[table] ?? [])
  const ofFact = key.includes('fact')
  const side = (schema: string): string =>
    `(SELECT ${key.join(', ')}, ${text} AS text FROM ${schema}.${table} t ${scope === undefined ? '' : within(serving, scope)})`
  const keyText = `concat_ws(' ', ${key.map((column) => `coalesce(s.${column}, f.${column})::text`).join(', ')})`
  const factId = (schema: string): string =>
    `(SELECT fact_id FROM ${schema}.access_fact WHERE fact = coalesce(s.fact, f.fact))`
  return `SELECT CASE WHEN s.text IS NULL THEN 'missing' WHEN f.text IS NULL THEN 'unexpected' ELSE 'different' END AS kind,
      ${ofFact ? `coalesce(${factId(fresh)}, ${factId(serving)})` : 'NULL'} AS factid, ${keyText} AS row, count(*) OVER () AS count
    FROM ${side(serving)} s FULL JOIN ${side(fresh)} f USING (${key.join(', ')})
    WHERE s.text IS DISTINCT FROM f.text ORDER BY 3 LIMIT ${limit}`
}

function within(serving: string, { facts, upTo }: CompareScope): string {
  return `WHERE t.fact IN (SELECT fact FROM ${facts}
    EXCEPT SELECT fact FROM ${serving}.access_fact WHERE last_position > ${upTo})`
}

async function primaryKey(client: pg.ClientBase, schema: string, table: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT quote_ident(attname) AS name FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY(indkey)
     WHERE indrelid = to_regclass($1) AND indisprimary ORDER BY array_position(indkey, attnum)`,
    [`${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)}`],
  )
  return rows.map(({ name }) => name)
}
