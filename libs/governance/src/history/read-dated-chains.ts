import type { Instant } from '@catena/domain'
import { inSnapshot } from '@catena/platform'
import type { AccessReader, KnownAsOf } from '@catena/projections'
import type pg from 'pg'
import { addTo, countedFrom, countedTogether, isAfter, newestOf, summaryOf, type AccessSummary, type Counted } from '../access-summary/access-summary.js' // prettier-ignore
import { lastEndOf } from '../access-summary/last-end.js'
import { summaryStand } from '../access-summary/summary-projection.js'
import { surroundingsOf, unsettledBy } from '../access-summary/surroundings.js'
import { walkListed } from '../access-summary/walk-retrievals.js'
import { readDatedRows, type DatedRows, type Dated, type SummedShape } from './read-dated-rows.js'
import { newestOfEach, type Retrieval } from './retrieval.js'

/** Chains walked at once. */
const WALKED_AT_ONCE = 400

export type DatedAsOf = KnownAsOf & { readonly validAt: Instant }

export interface DatedChains {
  readonly accessors: readonly AccessSummary[]
  /** Newest first; at most `limit` that obtained it, and as many attempts that did not. */
  readonly newest: readonly Retrieval[]
  /** Chains that had to be walked for it. */
  readonly walked: number
}

/**
 * What all chains of a credential say on a date: from the rows that are kept, where what they rest on had happened by then, and by walking the others.
 * Undefined where the rows are of another state of knowledge.
 */
export async function datedChains(
  reader: AccessReader,
  asOf: DatedAsOf,
  credential: string,
  limit: number,
): Promise<DatedChains | undefined> {
  const { sources } = reader.settings
  const stand = await summaryStand(reader.pool)
  if (stand === undefined || stand.position > asOf.position) return undefined
  const now = stand.surroundings
  const [isOfIt, then] = await Promise.all([
    tellsOf(reader.pool, stand.position, asOf.position),
    surroundingsOf(reader.index(asOf), sources, now),
  ])
  if (!isOfIt) return undefined
  const dated: Dated = { credential, at: asOf.validAt, position: asOf.position, ...unsettledBy(now, then, sources) }
  const rows = await inSnapshot(reader.pool, async (client) =>
    (await summaryStand(client))?.position === stand.position ? readDatedRows(client, dated, limit) : undefined,
  )
  if (rows === undefined) return undefined
  const walked = await walkFacts(reader, asOf, credential, rows.unsettled)
  const newest = [...rows.newest, ...walked.map(({ retrieval }) => retrieval)]
  const own = walked.filter(({ isOwn }) => isOwn).map(({ retrieval }) => retrieval)
  return {
    accessors: summed(credential, rows, own),
    newest: newestOfEach(newest.sort((a, b) => (isAfter(a, b) ? -1 : 1)), limit), // prettier-ignore
    walked: walked.length,
  }
}

/** Positions behind that are looked at. */
const BEHIND_MAX = 2_000

/** Do rows that stand at one position tell of a later one? Decisions that they have not passed over yet change nothing of them. */
async function tellsOf(reads: Pick<pg.ClientBase, 'query'>, stand: number, position: number): Promise<boolean> {
  if (position - stand > BEHIND_MAX) return false
  if (stand === position) return true
  const { rowCount } = await reads.query({
    name: 'recorded-between',
    text: 'SELECT FROM event WHERE position > $1 AND position <= $2 AND stream_version IS NULL LIMIT 1',
    values: [stand, position],
  })
  return rowCount === 0
}

async function walkFacts(
  reader: AccessReader,
  asOf: KnownAsOf,
  credential: string,
  ids: readonly string[],
): Promise<{ retrieval: Retrieval; isOwn: boolean }[]> {
  const all: { retrieval: Retrieval; isOwn: boolean }[] = []
  const index = reader.index(asOf)
  for (let from = 0; from < ids.length; from += WALKED_AT_ONCE) {
    const facts = await index.facts(ids.slice(from, from + WALKED_AT_ONCE))
    all.push(...(await walkListed(reader, asOf, credential, [...facts.values()])))
  }
  return all
}

function summed(
  credential: string,
  { shapes, newestByAccessor, lastEndedByAccessor }: DatedRows,
  walked: readonly Retrieval[],
): AccessSummary[] {
  const counted = new Map<string, Counted>()
  const byAccessor = new Map<string, SummedShape[]>()
  for (const shape of shapes) addTo(byAccessor, shape.accessor, shape)
  for (const [id, own] of byAccessor) {
    const newest = newestByAccessor.get(id)
    if (newest !== undefined) counted.set(id, countedOf(credential, own, newest, lastEndedByAccessor.get(id)))
  }
  const others = new Map<string, Retrieval[]>()
  for (const retrieval of walked) addTo(others, retrieval.accessor.id, retrieval)
  for (const [id, own] of others) {
    const [more, known] = [countedFrom(credential, own), counted.get(id)]
    counted.set(id, known === undefined ? more : countedTogether(known, more))
  }
  return [...counted.values()].map(summaryOf).sort((a, b) => (a.accessor.id < b.accessor.id ? -1 : 1))
}

function countedOf(
  credential: string,
  shapes: readonly SummedShape[],
  newest: Retrieval,
  lastEnded: Retrieval | undefined,
): Counted {
  const tally: Record<string, number> = {}
  for (const { names, count } of shapes) for (const name of names) tally[name] = (tally[name] ?? 0) + count
  const firsts = shapes.flatMap(({ firstAt }) => firstAt ?? [])
  const lasts = shapes.flatMap(({ lastAt }) => lastAt ?? [])
  return {
    credential,
    accessor: newest.accessor,
    tally,
    firstAt: firsts.length === 0 ? undefined : Math.min(...firsts),
    lastAt: lasts.length === 0 ? undefined : Math.max(...lasts),
    lastEnd: lastEnded === undefined ? undefined : lastEndOf([lastEnded]),
    newest: newestOf(newest),
  }
}
