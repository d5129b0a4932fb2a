import { PostgresLedger, type LaneAdvance, type NewRecord } from '@catena/ledger'
import type pg from 'pg'
import { batchesOf, type Contender } from './contender.js'
import { relationBytes } from './meter.js'

const LANE = 'kafka:bench/catena.vault/0'

/** The ledger with everything it promises: dedupe, locked head, contiguous positions, offsets, salted hashes, counts. */
export class Ours implements Contender {
  readonly name = 'ledger'
  readonly doesNot = ''
  private readonly ledger: PostgresLedger
  private batches: NewRecord[][] = []
  private offset = 0n

  /** `databaseUrl` is the application's access, as in production. */
  constructor(
    databaseUrl: string,
    private readonly admin: pg.Client,
  ) {
    this.ledger = new PostgresLedger({ databaseUrl })
  }

  ready(records: readonly NewRecord[], batchSize: number): void {
    this.batches = batchesOf(records, batchSize)
  }

  async write(): Promise<void> {
    for (const records of this.batches) {
      const next = this.offset + BigInt(records.length)
      const advance: LaneAdvance = {
        lane: LANE,
        expected: this.offset === 0n ? undefined : this.offset,
        next,
        holes: 0,
      }
      const { stored } = await this.ledger.append({ records, quarantined: [], advance })
      if (stored !== records.length) throw new Error(`${stored} of ${records.length} records were stored`)
      this.offset = next
    }
  }

  count(): Promise<number> {
    return this.ledger.head()
  }

  diskBytes(): Promise<number> {
    return relationBytes(this.admin, ['event', 'source_key', 'lane', 'intake', 'ledger_head'])
  }

  close(): Promise<void> {
    return this.ledger.close()
  }
}
