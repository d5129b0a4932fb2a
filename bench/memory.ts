const SAMPLE_MS = 100

/** Peak resident memory of this process, MB. */
export interface MemoryFigures {
  readonly peakMegabytes: number
  /** In each quarter of the run: flat where they are alike. */
  readonly peakMegabytesByQuarter: readonly number[]
}

/** Samples the memory of this process until it is stopped; stopping again changes nothing. */
export function sampleMemory(): { stop: () => MemoryFigures } {
  const samples: number[] = []
  const timer = setInterval(() => samples.push(process.memoryUsage.rss()), SAMPLE_MS)
  return {
    stop: () => {
      clearInterval(timer)
      samples.push(process.memoryUsage.rss())
      const start = (quarter: number): number => Math.floor((quarter * samples.length) / 4)
      // Of a run of fewer samples than quarters, one sample serves several.
      const peaks = [0, 1, 2, 3].map((quarter) =>
        peak(samples.slice(start(quarter), Math.max(start(quarter) + 1, start(quarter + 1)))),
      )
      return { peakMegabytes: Math.max(...peaks), peakMegabytesByQuarter: peaks }
    },
  }
}

function peak(samples: readonly number[]): number {
  return Math.round(samples.reduce((greatest, sample) => Math.max(greatest, sample), 0) / 1e6)
}
