import type { Pool } from 'pg'

/** Names of the tables (with their schema and column) in which `find` finds something in clear. */
export async function leaksIn(
  pool: Pool,
  find: (text: string) => string | undefined,
): Promise<{ leaks: string[]; values: number }> {
  const leaks = new Set<string>()
  let values = 0
  const { rows: tables } = await pool.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  )
  for (const { name } of tables) {
    const { rows } = await pool.query<Record<string, unknown>>(`SELECT * FROM ${name}`)
    for (const row of rows) {
      for (const [column, value] of Object.entries(row)) {
        values += 1
        const found = find(textOf(value))
        if (found !== undefined) leaks.add(`${name}.${column}: ${found}`)
      }
    }
  }
  return { leaks: [...leaks], values }
}

function textOf(value: unknown): string {
  if (Buffer.isBuffer(value)) return value.toString('latin1')
  if (Array.isArray(value)) return value.map(textOf).join('\n')
  return typeof value === 'string' ? value : JSON.stringify(value)
}
