import type { Activity } from '@catena/domain'
import type { AccessReader, KnownAsOf } from '@catena/projections'
import { inLanes } from './in-lanes.js'
import type { Walked } from './retrieval-row.js'
import { walkRetrievals } from './walk-retrievals.js'

/** Chains walked at once: what they share upstream is asked for once. */
export const WALKED_AT_ONCE = 1_000
/** Batches in work: the server answers for one while another is walked. */
const LANES = 3

/** Walks every retrieval; batches are written one after the other, in any order. Memory does not grow with what is walked. */
export async function walkEvery(
  reader: AccessReader,
  asOf: KnownAsOf,
  write: (walked: readonly Walked[]) => Promise<unknown>,
  walkedAtOnce = WALKED_AT_ONCE,
): Promise<void> {
  const pages = everyRetrieval(reader, asOf, walkedAtOnce)
  let written: Promise<unknown> = Promise.resolve()
  await inLanes(LANES, async () => {
    const { value: facts } = await pages.next()
    if (facts === undefined) return false
    const walked = await walkRetrievals(reader, asOf, facts)
    written = written.then(() => write(walked))
    await written
    return true
  })
}

/** Newest first: chains of one time share most. */
async function* everyRetrieval(
  reader: AccessReader,
  asOf: KnownAsOf,
  limit: number,
): AsyncGenerator<readonly Activity[], undefined> {
  for (let after: readonly string[] | undefined; ;) {
    const { items, hasMore } = await reader.facts(asOf, {}, { limit, after })
    if (items.length > 0) yield items.map(({ item }) => item)
    after = items.at(-1)?.place
    if (!hasMore || after === undefined) return
  }
}
