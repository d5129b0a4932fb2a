import type { Contender } from './contender.js'
import type { Cost } from './meter.js'
import type { Field, Round } from './rounds.js'

/** Medians over the rounds. */
export interface ContenderFigures {
  readonly eventsPerSecond: number
  readonly cpuMicrosPerEvent: { readonly own: number; readonly server: number | null }
  readonly walBytesPerEvent: number
  readonly diskBytesPerEvent: number
  readonly runs: number
  readonly doesNot?: string
}

/** How many times as fast as another; over the pairs of one round each. */
export interface Ratio {
  readonly median: number
  readonly lowerQuartile: number
  readonly upperQuartile: number
  readonly pairs: number
}

export async function contenderFigures(contender: Contender, costs: readonly Cost[]): Promise<ContenderFigures> {
  const of = (pick: (cost: Cost) => number | undefined): number =>
    quantile(
      costs.flatMap((cost) => pick(cost) ?? []),
      0.5,
    )
  const known = costs.some(({ serverCpuMicros }) => serverCpuMicros !== undefined)
  return {
    eventsPerSecond: Math.round(of(({ eventsPerSecond }) => eventsPerSecond)),
    cpuMicrosPerEvent: {
      own: round(
        of(({ ownCpuMicros }) => ownCpuMicros),
        1,
      ),
      server: known
        ? round(
            of(({ serverCpuMicros }) => serverCpuMicros),
            1,
          )
        : null,
    },
    walBytesPerEvent: Math.round(of(({ walBytes }) => walBytes)),
    diskBytesPerEvent: Math.round((await contender.diskBytes()) / (await contender.count())),
    runs: costs.length,
    ...(contender.doesNot === '' ? {} : { doesNot: contender.doesNot }),
  }
}

/** Of the ledger to another contender; undefined where that one did not run. */
export function ratioTo(other: Exclude<keyof Field, 'ours'>, rounds: readonly Round[]): Ratio | undefined {
  const ratios = rounds.flatMap((one) => {
    const cost = one[other]
    return cost === undefined ? [] : [one.ours.eventsPerSecond / cost.eventsPerSecond]
  })
  if (ratios.length === 0) return undefined
  return {
    median: round(quantile(ratios, 0.5), 3),
    lowerQuartile: round(quantile(ratios, 0.25), 3),
    upperQuartile: round(quantile(ratios, 0.75), 3),
    pairs: ratios.length,
  }
}

/** By linear interpolation between neighbours. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const at = q * (sorted.length - 1)
  const [low, high] = [sorted[Math.floor(at)] ?? Number.NaN, sorted[Math.ceil(at)] ?? Number.NaN]
  return low + (high - low) * (at - Math.floor(at))
}

export interface Quantiles {
  readonly p50Ms: number
  readonly p99Ms: number
}

export function quantilesOf(timesMs: readonly number[], digits = 1): Quantiles {
  return { p50Ms: round(quantile(timesMs, 0.5), digits), p99Ms: round(quantile(timesMs, 0.99), digits) }
}

export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}

/** Median, and the upper bound of the 95 % confidence interval of the mean, by the normal approximation over paired differences. */
export function boundsOf(shares: readonly number[]): { median: number; upper95: number } {
  const mean = shares.reduce((sum, one) => sum + one, 0) / shares.length
  const variance = shares.reduce((sum, one) => sum + (one - mean) ** 2, 0) / Math.max(1, shares.length - 1)
  return {
    median: round(quantile(shares, 0.5), 3),
    upper95: round(mean + 1.96 * Math.sqrt(variance / shares.length), 3),
  }
}
