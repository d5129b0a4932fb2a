import { isDeepStrictEqual } from 'node:util'
import type { AccessReader, KnownAsOf } from '@catena/projections'
import type { Retrieval } from '../history/retrieval.js'
import type { Row } from './retrieval-row.js'
import type { SummaryStand } from './summary-projection.js'
import { surroundingsOf, unsettledBy } from './surroundings.js'
import { walkRetrievals } from './walk-retrievals.js'

/** A row as it is kept, and as the walk makes it. */
export interface Stood {
  readonly kept: { readonly settled_us: number }
  readonly fresh: Row
}

/**
 * Ids of facts whose row says that its chain stands from an earlier time on than it does: a question about a date in between is answered by what was not so
 * yet. The walk may tell a later time than it need, so that a chain is walked as of where its row begins and as of the last moment before the walk's.
 */
export async function settledTooEarly(
  reader: AccessReader,
  asOf: KnownAsOf,
  stand: Pick<SummaryStand, 'surroundings'>,
  rows: readonly Stood[],
): Promise<string[]> {
  const early = new Set<string>()
  for (const { kept, fresh } of rows) {
    const dates = [Math.max(kept.settled_us, fresh.at_us), fresh.settled_us - 1]
    for (const date of kept.settled_us < fresh.settled_us ? dates : [])
      if (!early.has(fresh.fact_id) && (await isOtherwise(reader, { ...asOf, validAt: date / 1000 }, stand, fresh))) early.add(fresh.fact_id) // prettier-ignore
  }
  return [...early]
}

/** What the end of a slot, other clocks or less coverage would have changed is asked anew of every date, whatever the row says. */
async function isOtherwise(
  reader: AccessReader,
  asOf: KnownAsOf & { readonly validAt: number },
  { surroundings: now }: Pick<SummaryStand, 'surroundings'>,
  { fact, body, slot_end, end_us, federated, source, presenters, at_us }: Row,
): Promise<boolean> {
  const index = reader.index(asOf)
  if (slot_end && (end_us ?? 0) > asOf.validAt * 1000) return false
  if (federated) {
    const { sources } = reader.settings
    const { reclocked, coveredTo } = unsettledBy(now, await surroundingsOf(index, sources, now), sources)
    if ([source, ...(presenters ?? [])].some((one) => reclocked.includes(one)) || at_us > coveredTo * 1000) return false
  }
  const [then] = await walkRetrievals(reader, asOf, [...(await index.factsByUuid([fact])).values()])
  return then !== undefined && !isDeepStrictEqual(plain(then.retrieval), plain(body))
}

function plain(retrieval: Retrieval): unknown {
  return JSON.parse(JSON.stringify(retrieval))
}
