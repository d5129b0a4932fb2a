import type { Activity, Instant, Key, Verb } from '@catena/domain'

/** What a question may use: observations recorded up to a position, of things that happened up to a time. */
export interface AsOf {
  /** Last ledger position that counts. */
  readonly position: number
  /** Facts after this time do not count; undefined: all that is known. */
  readonly validAt?: Instant | undefined
}

export interface Span {
  readonly from: Instant
  readonly to: Instant
}

export interface Lookup {
  readonly key: Key
  readonly span?: Span | undefined
  /** Only what these source instances recorded. */
  readonly sources?: readonly string[] | undefined
  /** Only federated logins. */
  readonly federated?: boolean | undefined
  /** Only so many, the earliest in the span. */
  readonly first?: number | undefined
}

/** Bounds of the difference between two sources' clocks, ms, from pairs joined by a minted key (chain.md, clocks). */
export interface ClockBounds {
  /** Least of presenter's login minus issuer's start: no login precedes its start, so the skew is at most this. */
  readonly leastStart: number | undefined
  /**
   * Per token its last use minus the issuer's end and its resolution, of uses that do not contradict the starts: a use rarely
   * follows the end, so the skew is at least these. `late` counts those above zero.
   */
  readonly lastUse: { readonly greatest: number; readonly late: number; readonly tokens: number } | undefined
  /** As of this time and any later one they give the same skew; absent: not known. */
  readonly settledAt?: Instant
}

/** First and last moment a source was heard of. A record that is dated ahead proves no later life than its receipt. */
export interface Coverage {
  readonly from: Instant
  readonly to: Instant
  /** When it recorded what its connector failed on: gaps, though nobody declared them. Absent: never. */
  readonly lost?: readonly Span[]
}

/** Records that were not interpreted within one hour of the clock are one gap. */
export const LOST_TOGETHER_MS = 3_600_000

/**
 * Merged facts by the keys they carry, as of one state of knowledge. Every question is asked for a whole page at once.
 * Implementations pass the contract suite `fact-index.contract.ts`.
 */
export interface FactIndex {
  readonly asOf: AsOf
  /** All names of the thing that each key names: the key itself and what records equate with it, directly or through others. */
  equated(keys: readonly Key[]): Promise<Map<Key, readonly Key[]>>
  /** What is known of a look-up without asking, as `factsBy` would answer; undefined, or no such method: it has to be asked. */
  told?(lookup: Lookup, verb: Verb): readonly Activity[] | undefined
  /** Facts that carry a key by the verb, per key in order of time; a span limits their effective time (lives.ts). */
  factsBy(lookups: readonly Lookup[], verb: Verb): Promise<Map<Key, readonly Activity[]>>
  facts(factIds: readonly string[]): Promise<Map<string, Activity>>
  clockBounds(presenter: string, issuer: string): Promise<ClockBounds>
  coverage(source: string): Promise<Coverage | undefined>
}
