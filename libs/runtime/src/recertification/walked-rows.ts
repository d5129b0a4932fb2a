import { summarise, walkRetrievals, type Retrieval } from '@catena/governance'
import type { AccessReader, KnownAsOf } from '@catena/projections'
import type { AccessSummary as Summed } from '@catena/governance'

/** Retrievals walked at once. */
const PAGE = 100

/** What the chains of all retrievals of a credential come to, walked as of any cut. */
export async function walkedSummaries(reader: AccessReader, asOf: KnownAsOf, credential: string): Promise<Summed[]> {
  const retrievals: Retrieval[] = []
  let after: readonly string[] | undefined
  for (;;) {
    const page = await reader.facts(asOf, { credential }, { limit: PAGE, after })
    const walked = await walkRetrievals(reader, asOf, page.items.map(({ item }) => item)) // prettier-ignore
    retrievals.push(...walked.map(({ retrieval }) => retrieval))
    after = page.items.at(-1)?.place
    if (!page.hasMore || after === undefined) return summarise(credential, retrievals)
  }
}
