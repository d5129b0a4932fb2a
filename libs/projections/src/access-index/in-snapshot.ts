import type pg from 'pg'
import type { Reads } from './clock-sums.js'

/** All statements of `work` see the same rows. */
export async function inSnapshot<T>(pool: pg.Pool, work: (reads: Reads) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const result = await work(client)
    await client.query('COMMIT')
    client.release()
    return result
  } catch (error) {
    client.release(error instanceof Error ? error : true)
    throw error
  }
}
