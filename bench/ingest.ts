import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPool } from '@catena/platform'
import { multiplyRecords } from './multiply.js'
import { openStage } from './stage.js'

/** Rows of the ledger that are copied once more, bare, to compare with. */
const COPY_ROWS_MAX = 200_000
const SAMPLE_MS = 100

export interface IngestFigures {
  readonly records: number
  readonly recordsPerSecond: number
  readonly ledgerRecordsPerSecond: number
  /** Processor time of this process, µs a record: what one core must spend. */
  readonly cpuMicrosPerRecord: number
  /** Peak resident memory of this process, MB, in each quarter of the run: flat where they are alike. */
  readonly peakMegabytes: number
  readonly peakMegabytesByQuarter: readonly number[]
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
  const memory = sampleMemory()
  try {
    const before = process.cpuUsage()
    const { summary, ledgerMs, totalMs } = await stage.feed(file)
    const cpu = process.cpuUsage(before)
    const quarters = memory.stop()
    if (summary.stored !== records)
      throw new Error(`${summary.stored} of ${records} records were stored: ${JSON.stringify(summary.reasons)}`)
    const sizes = await measureSizes(stage.instance.databaseUrl, records)
    const copyRowsPerSecond = await bareCopy(stage.instance.ownerUrl)
    const recordsPerSecond = (records * 1000) / totalMs
    return {
      records,
      recordsPerSecond: Math.round(recordsPerSecond),
      ledgerRecordsPerSecond: Math.round((records * 1000) / ledgerMs),
      cpuMicrosPerRecord: Math.round((cpu.user + cpu.system) / records),
      peakMegabytes: Math.max(...quarters),
      peakMegabytesByQuarter: quarters,
      ...sizes,
      copyRowsPerSecond: Math.round(copyRowsPerSecond),
      vsCopy: Number((recordsPerSecond / copyRowsPerSecond).toFixed(3)),
    }
  } finally {
    memory.stop()
    await stage.close()
    await rm(file, { force: true })
  }
}

function sampleMemory(): { stop: () => number[] } {
  const samples: number[] = []
  const timer = setInterval(() => samples.push(process.memoryUsage.rss()), SAMPLE_MS)
  return {
    stop: () => {
      clearInterval(timer)
      const quarter = Math.ceil(samples.length / 4)
      return [0, 1, 2, 3].map((index) =>
        Math.round(Math.max(0, ...samples.slice(index * quarter, (index + 1) * quarter)) / 1e6),
      )
    },
  }
}

async function measureSizes(
  databaseUrl: string,
  records: number,
): Promise<{ ledgerBytesPerEvent: number; readModelBytesPerEvent: number }> {
  const pool = createPool(databaseUrl, { applicationName: 'catena-bench', statementTimeoutMs: 0 })
  const { rows } = await pool.query<{ ledger: string; models: string }>(`
    SELECT sum(pg_total_relation_size(c.oid)) FILTER (WHERE c.relname ~ '^(event|source_key)') AS ledger,
           sum(pg_total_relation_size(c.oid)) FILTER (WHERE c.relname ~ '^access_') AS models
    FROM pg_class c WHERE c.relkind = 'r'`)
  await pool.end()
  return {
    ledgerBytesPerEvent: Math.round(Number(rows[0]?.ledger) / records),
    readModelBytesPerEvent: Math.round(Number(rows[0]?.models) / records),
  }
}

/** The same rows once more into a table of the same columns and key, from the server's own file: nothing but COPY. */
async function bareCopy(ownerUrl: string): Promise<number> {
  const pool = createPool(ownerUrl, { applicationName: 'catena-bench', statementTimeoutMs: 0, max: 1 })
  const file = `/tmp/catena-bench-copy-${process.pid}.bin`
  try {
    const { rowCount } = await pool.query(
      `COPY (SELECT * FROM event ORDER BY position LIMIT ${COPY_ROWS_MAX}) TO '${file}' (FORMAT binary)`,
    )
    await pool.query('CREATE TABLE bench_copy (LIKE event INCLUDING DEFAULTS, PRIMARY KEY (position))')
    const start = performance.now()
    await pool.query(`COPY bench_copy FROM '${file}' (FORMAT binary)`)
    return ((rowCount ?? 0) * 1000) / (performance.now() - start)
  } finally {
    await pool.end()
    await rm(file, { force: true })
  }
}
