import type { AsOf, Chain } from '@catena/access-chain'
import type { Activity, Instant } from '@catena/domain'
import { credentialOf, type AccessReader, type KnownAsOf } from '@catena/projections'
import { Hops } from '../history/accessor.js'
import { retrievalOf, type Retrieval } from '../history/retrieval.js'
import type { Walked } from './retrieval-row.js'

/** What the chains of these facts say, as of one state of knowledge. */
export async function walkRetrievals(
  reader: AccessReader,
  asOf: KnownAsOf,
  facts: readonly Activity[],
): Promise<Walked[]> {
  return (await walkChains(reader, asOf, facts)).map(({ chain, retrieval, settledAt }) => ({
    fact: chain.fact,
    ...(chain.content === undefined ? {} : { targets: chain.content.targets }),
    retrieval,
    settledAt,
    presenters: [...new Set(chain.logins.map(({ presenter }) => presenter))],
  }))
}

/** The same of what is listed under one credential. `isOwn`: it was addressed by more than the credential's name. */
export async function walkListed(
  reader: AccessReader,
  asOf: KnownAsOf,
  credential: string,
  facts: readonly Activity[],
): Promise<{ readonly retrieval: Retrieval; readonly isOwn: boolean }[]> {
  const isOwn = ({ fact: { target }, targets }: Walked): boolean =>
    targets === undefined ? target?.container !== undefined : targets.some((one) => credentialOf(one) === credential)
  return (await walkRetrievals(reader, asOf, facts)).map((one) => ({ retrieval: one.retrieval, isOwn: isOwn(one) }))
}

/** The same, with the chains. */
export async function walkChains(
  reader: AccessReader,
  asOf: AsOf,
  facts: readonly Activity[],
): Promise<{ readonly chain: Chain; readonly retrieval: Retrieval; readonly settledAt: Instant }[]> {
  const index = reader.index(asOf)
  const settled = await reader.settledChains(asOf, facts, index)
  const hops = new Hops(await index.facts([...new Set(settled.flatMap(({ chain }) => hopsOf(chain)))]))
  return settled.map(({ chain, settledAt }) => ({ chain, retrieval: retrievalOf(chain, hops), settledAt }))
}

function hopsOf({ path }: Chain): string[] {
  return path.links.flatMap(({ to }) => to)
}
