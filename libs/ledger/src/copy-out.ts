import { buffer } from 'node:stream/consumers'
import type pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { CopyReader } from './copy-reader.js'

/** Binary COPY of a query: payloads come as they are, where a SELECT would send them as hex, twice as long. */
export async function copyOut<T>(pool: pg.Pool, query: string, decode: (reader: CopyReader) => T): Promise<T[]> {
  const client = await pool.connect()
  let failure: Error | undefined
  try {
    return decodeAll(await buffer(client.query(copyTo(`COPY (${query}) TO STDOUT (FORMAT binary)`))), decode)
  } catch (error) {
    failure = error as Error
    throw error
  } finally {
    client.release(failure)
  }
}

/** COPY takes no parameters, so positions are written into its text: whole numbers only. */
export function whole(position: number): string {
  if (!Number.isSafeInteger(position)) throw new RangeError('a position is a whole number')
  return String(position)
}

function decodeAll<T>(bytes: Buffer, decode: (reader: CopyReader) => T): T[] {
  const reader = new CopyReader(bytes)
  const rows: T[] = []
  while (reader.next()) rows.push(decode(reader))
  return rows
}
