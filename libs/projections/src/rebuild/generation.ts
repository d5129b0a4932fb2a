import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { CHECKPOINT_TABLE, contentTables } from '../state-hash.js'

/** A schema that holds the tables of a projection and their checkpoint. */
export interface Generation {
  readonly schema: string
}

/** Longest wait for a leftover of a process that died or is stopped; what cannot be dropped now is dropped next time. */
const LEFTOVER_LOCK_TIMEOUT_MS = 2_000

const quoted = (name: string): string => pg.escapeIdentifier(name)

/** Names of schemas that a rebuild may leave behind when its process dies. */
function isLeftover(serving: string, schema: string): boolean {
  return schema.startsWith(`${serving}_build_`) || schema.startsWith(`${serving}_old_`)
}

/** Drops what ended rebuilds left behind. The caller holds the rebuild lock, so nobody works on it. Returns how many went. */
export async function dropLeftovers(owner: pg.ClientBase, serving: string): Promise<number> {
  const { rows } = await owner.query<{ name: string }>('SELECT nspname AS name FROM pg_namespace ORDER BY 1')
  let dropped = 0
  for (const { name } of rows.filter((row) => isLeftover(serving, row.name)))
    dropped += (await dropGeneration(owner, name)) ? 1 : 0
  return dropped
}

/** False where somebody still holds its tables. */
export async function dropGeneration(owner: pg.ClientBase, schema: string): Promise<boolean> {
  try {
    await owner.query(
      `BEGIN; SET LOCAL lock_timeout = ${LEFTOVER_LOCK_TIMEOUT_MS}; DROP SCHEMA IF EXISTS ${quoted(schema)} CASCADE; COMMIT`,
    )
    return true
  } catch (error) {
    await owner.query('ROLLBACK')
    if ((error as pg.DatabaseError).code !== '55P03') throw error
    return false
  }
}

/**
 * Makes a generation of the same tables beside the one that serves, without keys and indexes. Its name is its own: what a forgotten
 * process still writes can never land in another's.
 */
export async function createGeneration(owner: pg.ClientBase, serving: string): Promise<Generation> {
  const schema = `${serving}_build_${randomBytes(6).toString('hex')}`
  await owner.query(`CREATE SCHEMA ${quoted(schema)}`)
  for (const table of [...(await contentTables(owner, serving)), CHECKPOINT_TABLE]) {
    const like = `${quoted(serving)}.${quoted(table)} INCLUDING ALL EXCLUDING INDEXES`
    await owner.query(`CREATE TABLE ${quoted(schema)}.${quoted(table)} (LIKE ${like})`)
  }
  const checkpoint = await indexStatements(owner, serving, { schema }, CHECKPOINT_TABLE)
  for (const statement of checkpoint.keys) await owner.query(statement)
  await owner.query('SELECT projection_grant_roles($1)', [schema])
  return { schema }
}

/** Keys and other indexes by the names and definitions that they have on the table that serves. */
export async function indexStatements(
  owner: pg.ClientBase,
  serving: string,
  built: Generation,
  table: string,
): Promise<{ keys: string[]; indexes: string[] }> {
  const { rows } = await owner.query<{ name: string; key: string | null; definition: string }>(
    `SELECT c.relname AS name, pg_get_constraintdef(k.oid) AS key, pg_get_indexdef(i.indexrelid) AS definition
     FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
     LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.contype IN ('p', 'u')
     WHERE i.indrelid = to_regclass($1) ORDER BY 1`,
    [`${quoted(serving)}.${quoted(table)}`],
  )
  const target = `${quoted(built.schema)}.${quoted(table)}`
  const keys = rows
    .filter(({ key }) => key !== null)
    .map(({ name, key }) => `ALTER TABLE ${target} ADD CONSTRAINT ${quoted(name)} ${key ?? ''}`)
  const indexes = rows
    .filter(({ key }) => key === null)
    .map(({ definition }) => definition.replace(/ ON \S+ /, () => ` ON ${target} `))
  return { keys, indexes }
}

/** Columns of all tables with their types: equal where statements for one generation fit the other. */
export async function layoutOf(client: pg.ClientBase, schema: string): Promise<string> {
  const { rows } = await client.query<{ layout: string | null }>(
    `SELECT string_agg(relname || '.' || attname || ' ' || format_type(atttypid, atttypmod), ',' ORDER BY relname, attname) AS layout
     FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
     WHERE relnamespace = to_regnamespace($1) AND relkind = 'r'`,
    [quoted(schema)],
  )
  return rows[0]?.layout ?? ''
}
