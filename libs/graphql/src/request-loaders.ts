import type { Activity, Key } from '@catena/domain'
import type { Chain } from '@catena/access-chain'
import type { KnownAsOf, Page } from '@catena/projections'
import type { QueryBus } from '@nestjs/cqrs'
import DataLoader from 'dataloader'
import { ListChainsOfCredentials } from './chains/list-chains-of-credentials.js'
import { ApiError } from './errors/api-error.js'
import { DescribePersons } from './principals/describe-persons.js'
import { ReadRecords } from './records/read-records.js'
import type { EvidenceRecord } from './records/evidence-record.model.js'

/** Most chains that one request may ask for, over all its lists. */
export const CHAINS_MAX = 1_000

interface OfState<T> {
  readonly asOf: KnownAsOf
  readonly item: T
}

/** What one request loads together: asked for one by one, read in one go per level of the query. */
export class RequestLoaders {
  private chainsAsked = 0
  private readonly records: DataLoader<number, EvidenceRecord | undefined>
  private readonly chains: DataLoader<OfState<{ credential: string; first: number }>, Page<Chain>, string>
  private readonly persons: DataLoader<OfState<Key>, readonly Activity[], string>

  constructor(queries: QueryBus) {
    this.records = new DataLoader(async (positions) => {
      const found = await queries.execute(new ReadRecords(positions))
      return positions.map((position) => found.get(position))
    })
    this.chains = new DataLoader(
      (asked) =>
        byState(asked, (asOf, items) => {
          const first = Math.max(...items.map((item) => item.first))
          const credentials = items.map((item) => item.credential)
          return queries.execute(new ListChainsOfCredentials(asOf, credentials, first))
        }),
      { cacheKeyFn: ({ asOf, item }) => `${stateName(asOf)} ${item.credential} ${item.first}` },
    )
    this.persons = new DataLoader(
      (asked) => byState(asked, (asOf, keys) => queries.execute(new DescribePersons(asOf, keys))),
      { cacheKeyFn: ({ asOf, item }) => `${stateName(asOf)} ${item}` },
    )
  }

  /** Records of these positions that belong to the state of knowledge. */
  async recordsAt(asOf: KnownAsOf, positions: readonly number[]): Promise<EvidenceRecord[]> {
    const records = await this.records.loadMany(positions.filter((position) => position <= asOf.position))
    return records.flatMap((record) => {
      if (record instanceof Error) throw record
      return record === undefined ? [] : [record]
    })
  }

  /** First page of a credential's chains. */
  async chainsOf(asOf: KnownAsOf, credential: string, first: number): Promise<Page<Chain>> {
    const page = await this.chains.load({ asOf, item: { credential, first } })
    return { items: page.items.slice(0, first), hasMore: page.hasMore || page.items.length > first }
  }

  /** What describes a person, by time. */
  descriptionsOf(asOf: KnownAsOf, person: Key): Promise<readonly Activity[]> {
    return this.persons.load({ asOf, item: person })
  }

  /** Nested and repeated lists multiply: together they stay below what one request may cost. Throws PAGE_TOO_LARGE. */
  spendChains(count: number): void {
    this.chainsAsked += count
    if (this.chainsAsked > CHAINS_MAX)
      throw new ApiError(
        'PAGE_TOO_LARGE',
        `the query asks for more than ${CHAINS_MAX} chains over all its lists: ask for fewer at once`,
      )
  }
}

/** One call per state of knowledge; nearly every request has one. */
async function byState<T, R>(
  asked: readonly OfState<T>[],
  load: (asOf: KnownAsOf, items: readonly T[]) => Promise<readonly R[]>,
): Promise<R[]> {
  const states = new Map<string, OfState<T>[]>()
  for (const one of asked) states.set(stateName(one.asOf), [...(states.get(stateName(one.asOf)) ?? []), one])
  const results = new Map<OfState<T>, R>()
  for (const group of states.values()) {
    const [first] = group
    if (first === undefined) continue
    const loaded = await load(first.asOf, group.map(({ item }) => item)) // prettier-ignore
    group.forEach((one, index) => results.set(one, loaded[index] as R))
  }
  return asked.map((one) => results.get(one) as R)
}

function stateName({ position, validAt }: KnownAsOf): string {
  return `${position} ${validAt ?? ''}`
}
