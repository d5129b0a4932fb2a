import {
  usesOf,
  walk,
  walkSettled,
  withContents,
  type AsOf,
  type Chain,
  type Forward,
  type SettledChain,
  type WalkSettings,
} from '@catena/access-chain'
import type { Activity, Instant, Key, Verb } from '@catena/domain'
import { cutAt, positionOfCut, type Cut, type Ledger, type LedgerEvent } from '@catena/ledger'
import type pg from 'pg'
import { CarriedBounds } from './carried-bounds.js'
import { readNewestTold } from './coverages.js'
import { observationsOf, RECORDS_MAX } from './observations.js'
import { RecentObservations } from './recent-observations.js'
import { OnceCache, PostgresFactIndex, type KeptSums } from './postgres-fact-index.js'
import type { Page, PageRequest } from './page.js'
import { pairsOfLogins } from './pairs.js'
import type { Interpretation } from './project.js'
import {
  listCredentials,
  namesOfCredentials,
  readCredential,
  readCredentials,
  type CredentialEntry,
  type CredentialFilter,
} from './credentials.js'
import type { FactFilter } from './fact-filter.js'
import { KeyFilter } from './key-filter.js'
import { knownKeys } from './known-keys.js'
import { mentionOf, type HeardMentions, type Mention, type MentionStretch } from './mentions.js'
import { newestBound } from './newest-bound.js'
import { newestOfCredentials, readSpans, type SeenSpan } from './of-credentials.js'
import { listFacts, listFactsAhead } from './retrievals.js'
import { listSameNames, type SameName } from './same-names.js'
import { listLostHours, listNotInterpreted, type LostHour, type NotInterpreted } from './not-interpreted.js'
import { everyStretch, type Stretch } from './stretches.js'
import { findKeys, listStanding, type StandingEntry, type StandingFilter } from './standing.js'
import { listUnclassified, type UnclassifiedType } from './unclassified.js'

/** A state of knowledge with its name. */
export interface KnownAsOf extends AsOf {
  readonly cut: Cut
}

/** The cut is unknown to this ledger: malformed, or of a later state than the read models hold. */
export class UnknownCut extends Error {
  constructor(readonly cut: string) {
    super('this cut is not known here: take the one that an earlier answer echoed')
    this.name = 'UnknownCut'
  }
}

/** All that is known at a position, which the access index has reached. */
export function knownAt(position: number): KnownAsOf {
  return { position, cut: cutAt(position) }
}

/** Of all credentials, those read at once. */
const CREDENTIALS_AT_ONCE = 1_000

/** Answers about access, each as of a cut and a time. Reads only. */
export class AccessReader {
  private readonly kept: KeptSums
  private readonly keys: KeyFilter
  private readonly recent: RecentObservations

  constructor(
    /** Of the application's role, for reads. */
    readonly pool: pg.Pool,
    private readonly ledger: Ledger,
    private readonly interpretation: Interpretation,
    readonly settings: WalkSettings,
    /** Of a thread beside the one that keeps the access index. */
    private readonly heardMentions?: HeardMentions,
  ) {
    this.recent = new RecentObservations((after, through) => observationsOf(ledger, interpretation, after, through))
    const bounds = new CarriedBounds(pool, (after, through) => this.mentions(after, through))
    const once = new OnceCache()
    this.keys = new KeyFilter(pool, undefined, () => once.clear())
    this.kept = { once, bounds, keys: this.keys }
  }

  /** Without a cut: all that the read models hold now. Throws UnknownCut. */
  async asOf(
    request: { readonly knownAt?: string | undefined; readonly validAt?: Instant | undefined } = {},
  ): Promise<KnownAsOf> {
    const reached = await this.projectedPosition()
    const position = request.knownAt === undefined ? reached : positionOfCut(request.knownAt)
    if (position === undefined || position > reached) throw new UnknownCut(request.knownAt ?? '')
    return { ...knownAt(position), validAt: request.validAt }
  }

  projectedPosition(): Promise<number> {
    return this.keys.follow()
  }

  /**
   * Sums up how far the clocks of each pair of sources differ, which the first page would have to wait for otherwise. One pair after the other: a page
   * that comes meanwhile waits for no other pair than its own.
   */
  async sumClocks(): Promise<void> {
    const index = this.index(await this.asOf())
    for (const { presenter, issuer } of await pairsOfLogins(this.pool)) await index.clockBounds(presenter, issuer)
  }

  /** What was recorded after a position, up to and with another; interpreted once for whoever follows. Undefined: a record of it cannot be read, or they are too many. */
  observations(after: number, through: number): Promise<readonly Activity[] | undefined> {
    return this.recent.between(after, through)
  }

  /**
   * The same, of whoever keeps the access index in another thread of this process; undefined: not heard, so it has to be read. For the one that asks for
   * all in turn: what comes before is forgotten.
   */
  heard(after: number, through: number): MentionStretch | undefined {
    this.heardMentions?.forget(after)
    return this.heardMentions?.between(after, through)
  }

  private async mentions(after: number, through: number): Promise<readonly Mention[] | undefined> {
    const heard = through - after > RECORDS_MAX ? undefined : this.heardMentions?.between(after, through)
    return heard?.mentions ?? (await this.observations(after, through))?.map(mentionOf)
  }

  index(asOf: AsOf): PostgresFactIndex {
    return new PostgresFactIndex(this.pool, this.ledger, this.interpretation, asOf, this.kept)
  }

  /** The latest time that any record bears, be it dated ahead: of no later moment anything is known. */
  newestTold({ position }: AsOf): Promise<Instant | undefined> {
    const sources = this.settings.sources.map(({ id }) => id)
    return this.kept.once.get(`told ${position}`, () => readNewestTold(this.pool, position, sources))
  }

  credentials(asOf: AsOf, filter: CredentialFilter, page: PageRequest): Promise<Page<CredentialEntry>> {
    return listCredentials(this.pool, asOf, filter, page)
  }

  /** All that a record names, by system and name, part by part. */
  async *everyCredential(asOf: AsOf): AsyncGenerator<CredentialEntry[]> {
    for (let after: readonly string[] | undefined; ;) {
      const page = await this.credentials(asOf, {}, { limit: CREDENTIALS_AT_ONCE, after })
      yield page.items.map(({ item }) => item)
      after = page.items.at(-1)?.place
      if (!page.hasMore) return
    }
  }

  credential(asOf: AsOf, id: string): Promise<CredentialEntry | undefined> {
    return readCredential(this.pool, asOf, id)
  }

  /** Of these ids those that a record names. */
  credentialsById(asOf: AsOf, ids: readonly string[]): Promise<Map<string, CredentialEntry>> {
    return readCredentials(this.pool, asOf, ids)
  }

  /** Ids of the names that each of these credentials was known by. */
  credentialNames(asOf: AsOf, ids: readonly string[]): Promise<Map<string, readonly string[]>> {
    return namesOfCredentials(this.pool, asOf, ids)
  }

  /** First and last time each credential was heard of, as of the state of knowledge. */
  credentialSpans(asOf: AsOf, ids: readonly string[]): Promise<Map<string, SeenSpan>> {
    return readSpans(this.pool, asOf, ids)
  }

  /** The newest retrievals of each credential (ids of entries), in the order given. */
  factsOfCredentials(asOf: AsOf, ids: readonly string[], limit: number): Promise<Page<Activity>[]> {
    return newestOfCredentials(this.pool, this.index(asOf), ids, limit)
  }

  /** Facts newest first. */
  facts(asOf: AsOf, filter: FactFilter, page: PageRequest): Promise<Page<Activity>> {
    return listFacts(this.pool, this.index(asOf), filter, page)
  }

  /** Times between which about so many retrievals lie, newest first; of one moment all lie in one stretch. */
  stretches(size: number): AsyncGenerator<Stretch, undefined> {
    return everyStretch(this.pool, size)
  }

  /** Are there at least so many retrievals, or requests for one that were answered wrapped? */
  async hasRetrievals(count: number): Promise<boolean> {
    const { value: first } = await this.stretches(count).next()
    return first?.from !== undefined
  }

  async fact(asOf: AsOf, factId: string): Promise<Activity | undefined> {
    return (await this.index(asOf).facts([factId])).get(factId)
  }

  /** `index`: of that state of knowledge, for whoever asks on about what the walk has read. */
  chains(asOf: AsOf, facts: readonly Activity[], index = this.index(asOf)): Promise<Chain[]> {
    return walk(index, facts, this.settings)
  }

  /** Chains of facts, newest first, in two statements for most. */
  async chainsOf(asOf: AsOf, filter: FactFilter, page: PageRequest): Promise<Page<Chain>> {
    const index = this.index(asOf)
    const { items, hasMore } = await listFactsAhead(this.pool, index, filter, page)
    const chains = await this.chains(asOf, items.map(({ item }) => item), index) // prettier-ignore
    return { items: chains.map((item, number) => ({ item, place: items[number]?.place ?? [] })), hasMore }
  }

  /** The same, each with the moment from which on it is so. */
  settledChains(asOf: AsOf, facts: readonly Activity[], index = this.index(asOf)): Promise<SettledChain[]> {
    return walkSettled(index, facts, this.settings)
  }

  /** What came through these keys: candidates, to be walked; unwrappings with the credential that they were of. */
  async usesOf(asOf: AsOf, keys: readonly Key[]): Promise<Forward> {
    const index = this.index(asOf)
    const forward = await usesOf(index, keys)
    const all = await withContents(index, forward.all)
    // What may have been of several credentials stands among all once for each.
    const contents = new Map(all.map((fact) => [fact.factId, fact]))
    return { ...forward, all, facts: forward.facts.map((fact) => contents.get(fact.factId) ?? fact) }
  }

  principals(asOf: AsOf, filter: StandingFilter, page: PageRequest): Promise<Page<StandingEntry>> {
    return listStanding(this.pool, asOf, filter, page)
  }

  /** The newest fact that binds each standing key; it tells what the key is called. */
  newestBound(asOf: AsOf, keys: readonly Key[]): Promise<Map<Key, Activity>> {
    return newestBound(this.pool, this.index(asOf), keys)
  }

  /** Keys that a person may mean by a word: accessor, lease, run, session, e-mail, login, account. */
  findKeys(asOf: AsOf, term: string): Promise<Key[]> {
    return findKeys(this.pool, asOf, this.settings.sources, term)
  }

  /** Which of these keys any fact carries by one of the verbs. */
  knownKeys(asOf: AsOf, keys: readonly Key[], verbs: readonly Verb[]): Promise<Set<Key>> {
    return knownKeys(this.pool, asOf, keys, verbs)
  }

  /** Names of people and accounts that read alike in several systems. */
  sameNames(asOf: AsOf, limit: number): Promise<SameName[]> {
    return listSameNames(this.pool, asOf, limit)
  }

  /** Types that no connector knows yet, most frequent first. */
  unclassified(asOf: AsOf, limit: number): Promise<UnclassifiedType[]> {
    return listUnclassified(this.pool, asOf, limit)
  }

  /** Records that their connectors failed on: what they tell is unknown until a newer version reads them. */
  notInterpreted(asOf: AsOf): Promise<NotInterpreted[]> {
    return listNotInterpreted(this.pool, asOf)
  }

  /** The gaps that such records are. */
  lostHours(asOf: AsOf): Promise<LostHour[]> {
    return listLostHours(this.pool, asOf)
  }

  /** The redacted records at these positions, as stored. */
  records(asOf: AsOf, positions: readonly number[]): Promise<LedgerEvent[]> {
    return this.ledger.readAt(positions.filter((position) => position <= asOf.position))
  }
}
