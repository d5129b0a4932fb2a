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

/** A side that nothing bounds is taken as no skew, as far as the other side allows; beyond that it may be as much again. */
export function skewOf({ leastStart, lastUse }: ClockBounds): Skew {
  const least = leastSkew(leastStart ?? Infinity, lastUse)
  if (leastStart === undefined && least === undefined) return UNBOUNDED
  const low = least ?? Math.min(0, 2 * (leastStart ?? 0))
  const high = leastStart ?? Math.max(0, 2 * low)
  return { low, high, best: Math.min(Math.max(0, low), high), unbounded: false }
}

/** Fewer tokens than these, used after the end, are late uses rather than a clock; so are fewer than three of four. */
const TOKENS_MIN = 5
const LATE_SHARE_MIN = 0.75

/** What the stamps of a login and of a start may lie apart without any clock being wrong. */
const STAMPS_MS = 1_000

/** Late uses look like a clock. Where equal clocks are possible, only most tokens together contradict them. */
function leastSkew(high: number, lastUse: ClockBounds['lastUse']): number | undefined {
  if (lastUse === undefined) return undefined
  const { greatest, late, tokens } = lastUse
  if (high < 0) return Math.min(greatest, high - STAMPS_MS)
  return tokens >= TOKENS_MIN && late >= tokens * LATE_SHARE_MIN ? greatest : Math.min(0, greatest)
}

/** The whole interval lies beyond the bound: links by windows say little. */
export function isBeyond(skew: Skew, maxMs: number): boolean {
  return skew.low > maxMs || skew.high < -maxMs
}
