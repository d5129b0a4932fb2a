import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from '@catena/platform'
import type pg from 'pg'
import { measureCredentials, type PagesFigures } from './chain.js'
import { measureFeed } from './ingest.js'
import type { Cost } from './ledger/meter.js'
import type { MemoryFigures } from './memory.js'
import { RecordMultiplier, zipf } from './multiply.js'
import { measureSizes } from './sizes.js'
import { openStage, type Stage } from './stage.js'

/** Shares of all records at which it is measured: at 10 million records, 0.1, 1 and 10 million. */
const STAGES = [100, 10, 1]
/** As many as the verdicts are judged over; with this exponent the hottest of them has over a tenth of the reads, the median one two or three. */
export const CREDENTIALS = 100_000
const ZIPF_EXPONENT = 1.05
/** Records of one file; it is deleted before the next is written, so that the benchmark takes no disk of its own. */
const FILE_RECORDS_MAX = 250_000
/** A rate is taken over so many files, or all there were: more than the server's five minutes from checkpoint to checkpoint, for which one file is too short. */
const RATE_FILES = 12

export interface GrowthStage extends PagesFigures, MemoryFigures {
  readonly records: number
  /** Of the last {@link RATE_FILES} files: into ledger and read models. */
  readonly recordsPerSecond: number
  /** Of everything up to this stage. */
  readonly recordsPerSecondOfAll: number
  readonly cpuMicrosPerRecord: number
  readonly serverCpuMicrosPerRecord: number | null
  readonly walBytesPerRecord: number
  /** Of everything up to this stage. */
  readonly ledgerBytesPerEvent: number
  readonly readModelBytesPerEvent: number
}

export interface GrowthFigures {
  readonly records: number
  readonly stages: readonly GrowthStage[]
}

/** What a record and a page of chains cost as one database grows a hundredfold; in a folder that is named, which must be new, it is kept. */
export async function benchGrowth(records: number, folder?: string): Promise<GrowthFigures> {
  const ends = STAGES.map((share) => Math.floor(records / share))
  const [stretch = 0] = ends
  if (stretch === 0) throw new Error('--records wants at least 100 for three stages')
  const rank = zipf(CREDENTIALS, ZIPF_EXPONENT)
  const multiplier = await RecordMultiplier.open((serial) => `app-${rank(serial)}/key`)
  if (folder !== undefined && existsSync(folder)) throw new Error(`${folder} is there already: name a new folder`)
  const stage = await openStage({ folder })
  const admin = await connect(stage.instance.ownerUrl, { applicationName: 'catena-bench', statementTimeoutMs: 0 })
  try {
    const growing = new Growing(stage, admin, multiplier)
    const stages: GrowthStage[] = []
    for (const end of ends) {
      await growing.feedUpTo(end - stretch)
      stages.push(await growing.measureTo(end))
      process.stderr.write(`${JSON.stringify(stages.at(-1))}\n`)
    }
    return { records, stages }
  } finally {
    await admin.end()
    await stage.close()
  }
}

class Growing {
  private fed = 0
  private readonly files: { readonly records: number; readonly seconds: number }[] = []

  constructor(
    private readonly stage: Stage,
    private readonly admin: pg.Client,
    private readonly multiplier: RecordMultiplier,
  ) {}

  async feedUpTo(records: number): Promise<void> {
    while (this.fed < records) await this.feed(Math.min(FILE_RECORDS_MAX, records - this.fed))
  }

  async measureTo(records: number): Promise<GrowthStage> {
    const { cost, memory } = await this.feed(records - this.fed)
    const { ledgerBytes, readModelBytes } = await measureSizes(this.admin)
    return {
      records,
      recordsPerSecond: rateOf(this.files.slice(-RATE_FILES)),
      recordsPerSecondOfAll: rateOf(this.files),
      cpuMicrosPerRecord: Math.round(cost.ownCpuMicros),
      serverCpuMicrosPerRecord: cost.serverCpuMicros === undefined ? null : Math.round(cost.serverCpuMicros),
      walBytesPerRecord: Math.round(cost.walBytes),
      ...memory,
      ledgerBytesPerEvent: Math.round(ledgerBytes / records),
      readModelBytesPerEvent: Math.round(readModelBytes / records),
      ...(await measureCredentials(this.stage.reader, CREDENTIALS)),
    }
  }

  private async feed(records: number): Promise<{ cost: Cost; memory: MemoryFigures }> {
    const file = join(tmpdir(), `catena-bench-${process.pid}.log`)
    try {
      await this.multiplier.write(file, records)
      globalThis.gc?.()
      const measured = await measureFeed(this.stage, this.admin, file, records)
      this.fed += records
      this.files.push({ records, seconds: records / measured.cost.eventsPerSecond })
      process.stderr.write(`${this.fed} records, the last at ${Math.round(measured.cost.eventsPerSecond)}/s\n`)
      return measured
    } finally {
      await rm(file, { force: true })
    }
  }
}

function rateOf(files: readonly { readonly records: number; readonly seconds: number }[]): number {
  const sum = (pick: 'records' | 'seconds'): number => files.reduce((total, file) => total + file[pick], 0)
  return Math.round(sum('records') / sum('seconds'))
}
