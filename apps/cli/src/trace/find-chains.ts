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
  const found = await collect(reader, asOf, meaning, { limit, everyRequest })
  if (found.length === 0 && !everyRequest) {
    return trimmed(reader, asOf, await collect(reader, asOf, meaning, { limit, everyRequest: true }), limit)
  }
  return trimmed(reader, asOf, found, limit)
}

type Related = Pick<FoundChain, 'chain' | 'relation'>

async function collect(reader: AccessReader, asOf: AsOf, meaning: Meaning, wanted: Wanted): Promise<Related[]> {
  const related: Related[] = []
  for await (const facts of candidatesOf(reader, asOf, meaning, wanted.everyRequest)) {
    for (const chain of await reader.chains(asOf, facts)) {
      const relation = relationOf(chain, meaning)
      if (relation !== undefined) related.push({ chain, relation })
    }
    if (related.length > wanted.limit) break
  }
  return related
}

async function trimmed(
  reader: AccessReader,
  asOf: AsOf,
  related: readonly Related[],
  limit: number,
): Promise<FoundChains> {
  const shown = related.slice(0, limit)
  const ids = shown.flatMap(({ chain }) => [
    ...chain.path.links.flatMap((link) => link.to),
    ...chain.sideways.flatMap(({ fact }) => (fact === undefined ? [] : [fact])),
    ...(chain.end.by === undefined ? [] : [chain.end.by]),
  ])
  const hops = await reader.index(asOf).facts([...new Set(ids)])
  return { chains: shown.map((one) => ({ ...one, hops })), hasMore: related.length > limit }
}
