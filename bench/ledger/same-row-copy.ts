import type { NewRecord } from '@catena/ledger'
import { connect, transaction } from '@catena/platform'
import type pg from 'pg'
// The ledger's own encoder, so that both sides encode alike.
import { copyEvents, copySourceKeys } from '../../libs/ledger/src/event-copy.js'
import { recordRows, type EventRow } from '../../libs/ledger/src/event-row.js'
import { batchesOf, type Contender } from './contender.js'
import { relationBytes } from './meter.js'

interface Batch {
  readonly head: number
  readonly records: readonly NewRecord[]
  readonly rows: readonly EventRow[]
}

/** COPY of the rows that the ledger would write, hashed beforehand, into plain tables with the same columns and indexes. */
export class SameRowCopy implements Contender {
  readonly name = 'COPY of the same row'
  readonly doesNot =
    'no lookup of duplicates (a repeated record fails the batch), no positions (given beforehand), no hashing (done beforehand), ' +
    'no offsets, no counts, no notification, no partitions'
  private batches: Batch[] = []
  private head = 0

  private constructor(private readonly client: pg.Client) {}

  static async open(ownerUrl: string): Promise<SameRowCopy> {
    const client = await connect(ownerUrl, { applicationName: 'catena-bench-copy', statementTimeoutMs: 0 })
    await client.query(`CREATE SCHEMA bench_copy;
      CREATE TABLE bench_copy.event (LIKE public.event INCLUDING ALL);
      CREATE TABLE bench_copy.source_key (LIKE public.source_key INCLUDING ALL);
      SET search_path = bench_copy`)
    return new SameRowCopy(client)
  }

  ready(records: readonly NewRecord[], batchSize: number): void {
    this.batches = batchesOf(records, batchSize).map((batch) => {
      const head = this.head
      this.head += batch.length
      return { head, records: batch, rows: [...recordRows(batch, head, Date.now())] }
    })
  }

  async write(): Promise<void> {
    for (const { head, records, rows } of this.batches) {
      await transaction(this.client, async () => {
        await copySourceKeys(this.client, records, head)
        await copyEvents(this.client, rows)
      })
    }
  }

  async count(): Promise<number> {
    const { rows } = await this.client.query<{ count: number }>('SELECT count(*)::int AS count FROM event')
    return rows[0]?.count ?? 0
  }

  diskBytes(): Promise<number> {
    return relationBytes(this.client, ['bench_copy.event', 'bench_copy.source_key'])
  }

  close(): Promise<void> {
    return this.client.end()
  }
}
