import type { Caveat, MissingReason } from './chain.js'

const UNCOVERED: ReadonlySet<MissingReason | undefined> = new Set<MissingReason>([
  'source not connected',
  'before its coverage',
  'gap in the source',
])

/** May something stand, or be told with fewer doubts, once sources are heard of: at all, further, or from an earlier time on? */
export function isUncovered(reasons: readonly (MissingReason | undefined)[], caveats: readonly Caveat[]): boolean {
  return caveats.includes('coverage incomplete') || reasons.some((reason) => UNCOVERED.has(reason))
}
