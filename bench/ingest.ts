import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from '@catena/platform'
import type pg from 'pg'
import { Meter, type Cost } from './ledger/meter.js'
import { sampleMemory, type MemoryFigures } from './memory.js'
import { multiplyRecords } from './multiply.js'
import { measureSizes } from './sizes.js'
import { openStage, type Fed, type Stage } from './stage.js'

/** Rows of the ledger that are copied once more, bare, to compare with. */
const COPY_ROWS_MAX = 200_000

export interface IngestFigures extends MemoryFigures {
  readonly records: number
  readonly recordsPerSecond: number
  readonly ledgerRecordsPerSecond: number
  /** Processor time of this process, µs a record: what one core must spend. */
  readonly cpuMicrosPerRecord: number
  /** The same of all processes of the server; null where there is no /proc. */
  readonly serverCpuMicrosPerRecord: number | null
  readonly walBytesPerRecord: number
  readonly ledgerBytesPerEvent: number
  readonly readModelBytesPerEvent: number
  readonly copyRowsPerSecond: number
  readonly vsCopy: number
}

/** Vault audit records from a file into ledger and read models, against a bare COPY of the same rows. */
export async function benchIngest(records: number): Promise<IngestFigures> {
  const file = join(tmpdir(), `catena-bench-${process.pid}.log`)
  await multiplyRecords(file, records)
  globalThis.gc?.()
  const stage = await openStage()
  try {
    const admin = await connect(stage.instance.ownerUrl, { applicationName: 'catena-bench', statementTimeoutMs: 0 })
    return await measureIngest(stage, admin, file, records).finally(() => admin.end())
  } finally {
    await stage.close()
    await rm(file, { force: true })
  }
}

async function measureIngest(stage: Stage, admin: pg.Client, file: string, records: number): Promise<IngestFigures> {
  const { fed, cost, memory } = await measureFeed(stage, admin, file, records)
  const sizes = await measureSizes(admin)
  const copyRowsPerSecond = await bareCopy(admin)
  return {
    records,
    recordsPerSecond: Math.round(cost.eventsPerSecond),
    ledgerRecordsPerSecond: Math.round((records * 1000) / fed.ledgerMs),
    cpuMicrosPerRecord: Math.round(cost.ownCpuMicros),
    serverCpuMicrosPerRecord: cost.serverCpuMicros === undefined ? null : Math.round(cost.serverCpuMicros),
    walBytesPerRecord: Math.round(cost.walBytes),
    ...memory,
    ledgerBytesPerEvent: Math.round(sizes.ledgerBytes / records),
    readModelBytesPerEvent: Math.round(sizes.readModelBytes / records),
    copyRowsPerSecond: Math.round(copyRowsPerSecond),
    vsCopy: Number((cost.eventsPerSecond / copyRowsPerSecond).toFixed(3)),
  }
}

/** Feeds a file of so many records, all new, and says what that took. */
export async function measureFeed(
  stage: Stage,
  admin: pg.Client,
  file: string,
  records: number,
): Promise<{ readonly fed: Fed; readonly cost: Cost; readonly memory: MemoryFigures }> {
  const meter = await Meter.open(admin)
  const memory = sampleMemory()
  try {
    let fed: Fed | undefined
    const cost = await meter.measure(records, async () => {
      fed = await stage.feed(file)
    })
    if (fed?.summary.stored !== records)
      throw new Error(
        `${fed?.summary.stored} of ${records} records were stored: ${JSON.stringify(fed?.summary.reasons)}`,
      )
    return { fed, cost, memory: memory.stop() }
  } finally {
    memory.stop()
  }
}

/** The same rows once more into a table of the same columns and key, from the server's own file: nothing but COPY. */
async function bareCopy(admin: pg.Client): Promise<number> {
  const file = `/tmp/catena-bench-copy-${process.pid}.bin`
  try {
    const { rowCount } = await admin.query(
      `COPY (SELECT * FROM event ORDER BY position LIMIT ${COPY_ROWS_MAX}) TO '${file}' (FORMAT binary)`,
    )
    await admin.query('CREATE TABLE bench_copy (LIKE event INCLUDING DEFAULTS, PRIMARY KEY (position))')
    const start = performance.now()
    await admin.query(`COPY bench_copy FROM '${file}' (FORMAT binary)`)
    return ((rowCount ?? 0) * 1000) / (performance.now() - start)
  } finally {
    await rm(file, { force: true })
  }
}
