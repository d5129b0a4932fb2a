import pg from 'pg'
import { PARTITION_POSITIONS } from '../partitions.js'

/** A closed partition of `event`. */
export interface PartitionTable {
  readonly number: number
  readonly name: string
}

export function partitionOf(position: number): PartitionTable {
  const number = Math.floor(position / PARTITION_POSITIONS)
  return { number, name: `event_p${String(number).padStart(6, '0')}` }
}

/** An empty table of the same shape, outside of the ledger until it replaces a partition. */
export async function createAside(client: pg.ClientBase, { name }: PartitionTable): Promise<string> {
  const aside = `${name}_aside`
  await client.query(`CREATE TABLE ${aside} (LIKE event INCLUDING DEFAULTS INCLUDING CONSTRAINTS)`)
  return aside
}

/** Drops the partition and puts the table made aside in its place. Waits for the readers of `event`, and they for this. */
export async function replacePartition(client: pg.ClientBase, part: PartitionTable, aside: string): Promise<void> {
  const low = part.number * PARTITION_POSITIONS
  const high = low + PARTITION_POSITIONS
  await client.query(`ALTER TABLE ${aside} ADD CONSTRAINT bounds CHECK (position >= ${low} AND position < ${high})`)
  await client.query(`ALTER TABLE event DETACH PARTITION ${part.name}`)
  await client.query(`DROP TABLE ${part.name}`)
  await client.query(`ALTER TABLE ${aside} RENAME TO ${part.name}`)
  await client.query(`ALTER TABLE event ATTACH PARTITION ${part.name} FOR VALUES FROM (${low}) TO (${high})`)
  await client.query(`ALTER TABLE ${part.name} DROP CONSTRAINT bounds`)
  await client.query(`CREATE TRIGGER part_not_emptied BEFORE TRUNCATE ON ${part.name}
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change()`)
}
