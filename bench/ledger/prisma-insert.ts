import type { NewRecord } from '@catena/ledger'
import { PrismaPg } from '@prisma/adapter-pg'
import type pg from 'pg'
import { recordRows, type EventRow } from '../../libs/ledger/src/event-row.js'
import { PrismaClient, type Prisma } from '../../libs/ledger/src/generated/client.js'
import type { Contender } from './contender.js'
import { relationBytes } from './meter.js'

const SCHEMA = 'bench_prisma'

/** One `create` per event, as an application without batches would write. */
export class PrismaInsert implements Contender {
  readonly name = 'Prisma, one insert per event'
  readonly doesNot =
    'no source key and no lookup of duplicates, no positions (given beforehand), no hashing (done beforehand), no offsets, no counts, ' +
    'no partitions'
  private rows: Prisma.EventCreateInput[] = []
  private head = 0

  private constructor(
    private readonly prisma: PrismaClient,
    private readonly admin: pg.Client,
  ) {}

  static async open(ownerUrl: string, admin: pg.Client): Promise<PrismaInsert> {
    await admin.query(`CREATE SCHEMA ${SCHEMA}; CREATE TABLE ${SCHEMA}.event (LIKE public.event INCLUDING ALL)`)
    const adapter = new PrismaPg({ connectionString: ownerUrl, max: 1 }, { schema: SCHEMA })
    return new PrismaInsert(new PrismaClient({ adapter }), admin)
  }

  ready(records: readonly NewRecord[]): void {
    this.rows = [...recordRows(records, this.head, Date.now())].map(createInput)
    this.head += records.length
  }

  async write(): Promise<void> {
    for (const data of this.rows) await this.prisma.event.create({ data, select: { position: true } })
  }

  count(): Promise<number> {
    return this.prisma.event.count()
  }

  diskBytes(): Promise<number> {
    return relationBytes(this.admin, [`${SCHEMA}.event`])
  }

  close(): Promise<void> {
    return this.prisma.$disconnect()
  }
}

function createInput(row: EventRow): Prisma.EventCreateInput {
  return {
    position: row.position,
    stream: row.stream,
    source: row.source,
    sourceStream: row.sourceStream,
    recordId: bytes(row.recordId),
    type: row.type,
    schemaVersion: row.schemaVersion,
    subjects: row.subjects.map(bytes),
    occurredAt: new Date(row.occurredAt),
    recordedAt: new Date(row.recordedAt),
    salt: bytes(row.salt),
    payload: bytes(row.payload),
    payloadHash: bytes(Buffer.from(row.payloadHash, 'hex')),
    envelopeHash: bytes(Buffer.from(row.envelopeHash, 'hex')),
  }
}

/** Prisma's types want an array over a buffer of its own. */
function bytes(buffer: Buffer): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer)
}
