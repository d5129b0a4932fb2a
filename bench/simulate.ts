import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FolderOutput, simulate, SIMULATION_DEFAULTS, type Output } from '@catena/simulation'

/** Records of one simulated day: a company of some thousand machines. */
const RATE = 50_000
/** Beyond this many records, what is written is counted and thrown away: eleven gigabytes are no matter of the generator's. */
const WRITTEN_MAX = 2_000_000

export interface SimulateFigures {
  readonly records: number
  readonly written: 'files' | 'nowhere'
  readonly recordsPerSecond: number
  /** Of this process's own processor time: what one core does when nothing else wants it. */
  readonly recordsPerCpuSecond: number
  readonly megabytesPerSecond: number
  /** Peak resident memory, MB, in each quarter of the run: flat where they are alike. */
  readonly peakMegabytesByQuarter: readonly number[]
}

/** Makes an organisation of two hundred people and two thousand credentials until so many records are written, truth included. */
export async function benchSimulate(records: number): Promise<SimulateFigures> {
  const folder = join(tmpdir(), `catena-bench-simulate-${process.pid}`)
  const isWritten = records <= WRITTEN_MAX
  const files = isWritten ? new FolderOutput(folder) : undefined
  const out: Output = files ?? { write: () => undefined }
  const days = Math.max(2, Math.ceil(records / RATE))
  const peaks = [0, 0, 0, 0]
  try {
    const [from, before] = [performance.now(), process.cpuUsage()]
    const options = { ...SIMULATION_DEFAULTS, people: 200, credentials: 2_000, rate: RATE, days }
    const made = simulate(options, out, (_, day) => {
      const quarter = Math.min(3, Math.floor((day * 4) / days))
      peaks[quarter] = Math.max(peaks[quarter] ?? 0, process.memoryUsage.rss())
    })
    files?.close()
    const tookMs = performance.now() - from
    const { user, system } = process.cpuUsage(before)
    return {
      records: made.records,
      written: isWritten ? 'files' : 'nowhere',
      recordsPerSecond: Math.round((made.records * 1000) / tookMs),
      recordsPerCpuSecond: Math.round((made.records * 1e6) / (user + system)),
      megabytesPerSecond: Math.round(made.bytes / 1000 / tookMs),
      peakMegabytesByQuarter: peaks.map((size) => Math.round(size / 1e6)),
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
