import type { AccessReader, KnownAsOf } from '@catena/projections'
import { isAfter, summarise, type AccessSummary } from '../access-summary/access-summary.js'
import { walkListed } from '../access-summary/walk-retrievals.js'
import type { Retrieval } from './retrieval.js'

/** Chains walked at once. */
const PAGE = 400

/** What all chains of a credential say, walked one and all; newest first. Whatever is kept must say the same. */
export async function walkedChains(
  reader: AccessReader,
  asOf: KnownAsOf,
  id: string,
): Promise<{ readonly accessors: readonly AccessSummary[]; readonly newest: readonly Retrieval[] }> {
  const walked = await walkAll(reader, asOf, id)
  const own = walked.filter(({ isOwn }) => isOwn).map(({ retrieval }) => retrieval)
  const all = walked.map(({ retrieval }) => retrieval).sort((a, b) => (isAfter(a, b) ? -1 : 1))
  return { accessors: summarise(id, own), newest: all }
}

async function walkAll(
  reader: AccessReader,
  asOf: KnownAsOf,
  credential: string,
): Promise<{ retrieval: Retrieval; isOwn: boolean }[]> {
  const all: { retrieval: Retrieval; isOwn: boolean }[] = []
  const read = (after: readonly string[] | undefined) => reader.facts(asOf, { credential }, { limit: PAGE, after })
  let page = await read(undefined)
  for (;;) {
    const { items, hasMore } = page
    const facts = items.map(({ item }) => item)
    // The next page is read while this one is walked.
    const [walked, next] = await Promise.all([
      walkListed(reader, asOf, credential, facts),
      hasMore ? read(items.at(-1)?.place) : undefined,
    ])
    all.push(...walked)
    if (next === undefined) return all
    page = next
  }
}
