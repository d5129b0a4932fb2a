import type pg from 'pg'

/** Schema of a session's temporary tables: they stand before all others. */
export const BESIDE = 'pg_temp'
/** Most differences listed; all are counted. */
export const DIFFERENCES_MAX = 100

/** Empty tables of this session alone, made as those of the schema are. */
export async function createBeside(client: pg.ClientBase, schema: string, tables: readonly string[]): Promise<void> {
  for (const table of tables) await client.query(`CREATE TEMP TABLE ${table} (LIKE ${schema}.${table} INCLUDING ALL)`)
}

export async function inSnapshot<T>(client: pg.ClientBase, work: () => Promise<T>): Promise<T> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ')
  try {
    return await work()
  } finally {
    // Nothing of it is to stay: the tables are this session's own.
    await client.query('ROLLBACK')
  }
}
