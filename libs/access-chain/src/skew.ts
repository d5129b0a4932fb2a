import type { ClockBounds } from './fact-index.js'

/** How far the presenter's clock is ahead of the issuer's, ms: the interval that all pairs allow. */
export interface Skew {
  readonly low: number
  readonly high: number
  /** Equal clocks where the pairs allow them, else the least difference that they do. */
  readonly best: number
  /** Nothing bounds it from either side. */
  readonly unbounded: boolean
}

export const UNBOUNDED: Skew = { low: 0, high: 0, best: 0, unbounded: true }

/**
 * A use that contradicts the starts is a late use and no clock, so it bounds nothing.
 * A side that nothing bounds is taken as no skew, as far as the other side allows.
 */
export function skewOf(bounds: ClockBounds): Skew {
  const high = greatestSkew(bounds.starts)
  const low = leastSkew(bounds.uses.filter((use) => use <= high))
  if (low === -Infinity && high === Infinity) return UNBOUNDED
  const interval = {
    low: low === -Infinity ? Math.min(0, high) : low,
    high: high === Infinity ? Math.max(0, low) : high,
  }
  return { ...interval, best: Math.min(Math.max(0, interval.low), interval.high), unbounded: false }
}

/** No login precedes its start. */
export function greatestSkew(starts: readonly number[]): number {
  return starts.reduce((a, b) => Math.min(a, b), Infinity)
}

/** One token used after the end contradicts equal clocks no more than a late use does; it takes a second one. */
function leastSkew(uses: readonly number[]): number {
  const [first = -Infinity, second = -Infinity] = [...uses].sort((a, b) => b - a)
  return first > 0 ? second : first
}

/** The whole interval lies beyond the bound: links by windows say little. */
export function isBeyond(skew: Skew, maxMs: number): boolean {
  return skew.low > maxMs || skew.high < -maxMs
}
