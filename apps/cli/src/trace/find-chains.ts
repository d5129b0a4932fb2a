import type { AsOf, Chain } from '@catena/access-chain'
import type { Activity } from '@catena/domain'
import type { AccessReader } from '@catena/projections'
import { candidatesOf } from './candidates.js'
import type { Meaning } from './meaning.js'
import { relationOf, type Relation } from './relation.js'

export interface FoundChain {
  readonly chain: Chain
  readonly relation: Relation
  /** Facts along the path, by fact id. */
  readonly hops: ReadonlyMap<string, Activity>
}

export interface FoundChains {
  readonly chains: readonly FoundChain[]
  /** There are older ones beyond the limit. */
  readonly hasMore: boolean
  /** So much came through it that the newest could not be looked at. */
  readonly truncated: boolean
}

export interface Wanted {
  /** Infinity: all. */
  readonly limit: number
  /** Also requests that obtain no credential. */
  readonly everyRequest: boolean
}

/** Newest first. Where a principal obtained nothing, whatever else came through it. */
export async function findChains(
  reader: AccessReader,
  asOf: AsOf,
  meaning: Meaning,
  { limit, everyRequest }: Wanted,
): Promise<FoundChains> {
  const retrievals = await collect(reader, asOf, meaning, { limit, everyRequest })
  const isEmpty = retrievals.related.length === 0 && !everyRequest
  const found = isEmpty ? await collect(reader, asOf, meaning, { limit, everyRequest: true }) : retrievals
  const shown = found.related.slice(0, limit)
  const hops = await hopsOf(reader, asOf, shown)
  return {
    chains: shown.map((one) => ({ ...one, hops })),
    hasMore: found.related.length > limit,
    truncated: found.truncated,
  }
}

type Related = Pick<FoundChain, 'chain' | 'relation'>

async function collect(
  reader: AccessReader,
  asOf: AsOf,
  meaning: Meaning,
  wanted: Wanted,
): Promise<{ related: Related[]; truncated: boolean }> {
  const related: Related[] = []
  let truncated = false
  for await (const page of candidatesOf(reader, asOf, meaning, wanted.everyRequest)) {
    truncated ||= page.truncated
    for (const chain of await reader.chains(asOf, page.facts)) {
      const relation = relationOf(chain, meaning)
      if (relation !== undefined) related.push({ chain, relation })
    }
    if (related.length > wanted.limit) break
  }
  return { related, truncated }
}

/** Facts that the chains refer to, in one look-up. */
async function hopsOf(reader: AccessReader, asOf: AsOf, shown: readonly Related[]): Promise<Map<string, Activity>> {
  const ids = shown.flatMap(({ chain }) => [
    ...chain.path.links.flatMap((link) => link.to),
    ...chain.sideways.flatMap(({ fact }) => (fact === undefined ? [] : [fact])),
    ...(chain.end.by === undefined ? [] : [chain.end.by]),
  ])
  return reader.index(asOf).facts([...new Set(ids)])
}
