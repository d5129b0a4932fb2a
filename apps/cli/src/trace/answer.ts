import type { Chain } from '@catena/access-chain'
import type { LedgerEvent } from '@catena/ledger'
import type { KnownAsOf } from '@catena/projections'
import type { FoundChain } from './find-chains.js'
import type { Meaning } from './meaning.js'

/** What `catena trace` found. */
export interface Answer {
  readonly term: string
  readonly meaning: Meaning
  readonly asOf: KnownAsOf
  readonly chains: readonly FoundChain[]
  /** There are older ones beyond the limit. */
  readonly hasMore: boolean
  /** So much came through it that the newest could not be looked at. */
  readonly truncated: boolean
  /** The redacted records behind the chains, by position; absent where they were not asked for. */
  readonly records?: ReadonlyMap<number, LedgerEvent>
}

/** Path and actor are proven or inferred: somebody can be asked about it (R1.3). */
export function isAttributed({ path, actor }: Chain): boolean {
  const isKnown = (state: string): boolean => state === 'proven' || state === 'inferred'
  return isKnown(path.state) && isKnown(actor.state)
}
