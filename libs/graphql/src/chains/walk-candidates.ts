import type { Chain } from '@catena/access-chain'
import type { Activity } from '@catena/domain'
import { uuidOf, type AccessReader, type KnownAsOf, type Page, type PageRequest } from '@catena/projections'

/** Facts walked at once while a page fills. */
const WALK_SIZE = 200

type Placed = readonly [fact: Activity, place: readonly [occurredUs: string, fact: string]]

/** A page of those candidates whose chain is kept, newest first. Places are those of the database's lists. */
export async function walkCandidates(
  reader: AccessReader,
  asOf: KnownAsOf,
  candidates: readonly Activity[],
  keeps: (chain: Chain) => boolean,
  page: PageRequest,
): Promise<Page<Chain>> {
  const rest = inOrder(candidates).filter(([, place]) => page.after === undefined || isAfter(place, page.after))
  const kept: { item: Chain; place: readonly string[] }[] = []
  for (let start = 0; start < rest.length && kept.length <= page.limit; start += WALK_SIZE) {
    const some = rest.slice(start, start + WALK_SIZE)
    const chains = await reader.chains(asOf, some.map(([fact]) => fact)) // prettier-ignore
    for (const [index, chain] of chains.entries()) {
      const place = some[index]?.[1]
      if (place !== undefined && keeps(chain)) kept.push({ item: chain, place })
    }
  }
  return { items: kept.slice(0, page.limit), hasMore: kept.length > page.limit }
}

function inOrder(facts: readonly Activity[]): Placed[] {
  const placed = facts.map((fact): Placed => [fact, [String(Math.round(fact.occurredAt * 1000)), uuidOf(fact.factId)]])
  return placed.sort(([, a], [, b]) => (isAfter(a, b) ? 1 : -1))
}

/** Does a stand below b in a list that is newest first? */
function isAfter(a: readonly string[], b: readonly string[]): boolean {
  const [x, y] = [BigInt(a[0] ?? '0'), BigInt(b[0] ?? '0')]
  return x === y ? (a[1] ?? '') < (b[1] ?? '') : x < y
}
