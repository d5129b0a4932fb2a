import { hash } from 'node:crypto'
import pg from 'pg'

/** What the tables of a generation hold, whatever order their rows lie in. */
export interface StateHash {
  /** Hex; equal for equal contents. */
  readonly hash: string
  readonly tables: readonly TableHash[]
}

export interface TableHash {
  readonly table: string
  readonly rows: number
  readonly hash: string
}

/** Columns that hold JSON as bytes: the order of members and the spelling of numbers must not matter. */
export interface JsonColumns {
  readonly [table: string]: readonly string[]
}

/** Not part of the contents: how far a generation has read. */
export const CHECKPOINT_TABLE = 'projection'

/**
 * Hash over all tables of a schema but its checkpoint: of each table the count of rows and two sums of 64 bits over the MD5 of every row.
 * The caller's transaction decides which state is read; `names` which tables, if not all.
 */
export async function stateHash(
  client: pg.ClientBase,
  schema: string,
  json: JsonColumns,
  names?: readonly string[],
): Promise<StateHash> {
  const tables: TableHash[] = []
  for (const table of names ?? (await contentTables(client, schema)))
    tables.push(await tableHash(client, schema, table, json[table] ?? []))
  return {
    hash: hash('sha256', tables.map((each) => `${each.table} ${each.rows} ${each.hash}\n`).join(''), 'hex'),
    tables,
  }
}

/** By name. */
export async function contentTables(client: pg.ClientBase, schema: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = to_regnamespace($1) AND relkind = 'r' AND relname <> $2 ORDER BY 1`,
    [pg.escapeIdentifier(schema), CHECKPOINT_TABLE],
  )
  return rows.map(({ name }) => name)
}

/** The row as text, the same for rows that say the same. */
export async function rowText(
  client: pg.ClientBase,
  schema: string,
  table: string,
  json: readonly string[],
): Promise<string> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT attname AS name FROM pg_attribute
     WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attname`,
    [`${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)}`],
  )
  const columns = rows.map(({ name }) =>
    json.includes(name) ? canonical(pg.escapeIdentifier(name)) : pg.escapeIdentifier(name),
  )
  return `ROW(${columns.join(', ')})::text`
}

/** jsonb orders members, but takes neither NUL nor half of a surrogate pair, so their escapes are written otherwise. */
function canonical(column: string): string {
  const text = `convert_from(${column}, 'UTF8')`
  const escaped = `regexp_replace(${text}, '\\\\u(0000|d[89a-f][0-9a-f]{2})', 'U+\\1', 'gi')`
  return `(CASE WHEN position('\\x5c75'::bytea IN ${column}) > 0 THEN ${escaped} ELSE ${text} END)::jsonb::text`
}

async function tableHash(
  client: pg.ClientBase,
  schema: string,
  table: string,
  json: readonly string[],
): Promise<TableHash> {
  const { rows } = await client.query<{ rows: string; high: string | null; low: string | null }>(
    `SELECT count(*) AS rows, sum(('x' || left(h, 16))::bit(64)::bigint) AS high, sum(('x' || right(h, 16))::bit(64)::bigint) AS low
     FROM (SELECT md5(${await rowText(client, schema, table, json)}) AS h FROM ${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)}) hashed`,
  )
  const { high, low, ...counted } = rows[0] ?? { rows: '0', high: null, low: null }
  return { table, rows: Number(counted.rows), hash: hash('sha256', `${counted.rows} ${high ?? 0} ${low ?? 0}`, 'hex') }
}
