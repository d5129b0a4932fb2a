import type { ClockBounds } from './fact-index.js'

/** How far the presenter's clock is ahead of the issuer's, ms: the interval that all pairs allow. */
export interface Skew {
  readonly low: number
  readonly high: number
  /** Nothing bounds it from either side. */
  readonly unbounded: boolean
}

/**
 * A use that contradicts the starts is a late use and no clock, so it bounds nothing.
 * A side that nothing bounds is taken as no skew, as far as the other side allows.
 */
export function skewOf(bounds: ClockBounds): Skew {
  const high = bounds.starts.reduce((a, b) => Math.min(a, b), Infinity)
  const low = bounds.uses.filter((use) => use <= high).reduce((a, b) => Math.max(a, b), -Infinity)
  return {
    low: low === -Infinity ? Math.min(0, high) : low,
    high: high === Infinity ? Math.max(0, low) : high,
    unbounded: low === -Infinity && high === Infinity,
  }
}

/** The whole interval lies beyond the bound: links by windows say little. */
export function isBeyond(skew: Skew, maxMs: number): boolean {
  return skew.low > maxMs || skew.high < -maxMs
}
