import type { Instant, Key } from '@catena/domain'
import { FactDirectory, type DirectoryChange, type Sponsorship } from '@catena/directory'
import type { FactIndex } from '@catena/access-chain'
import type { AccessReader, CredentialEntry, KnownAsOf } from '@catena/projections'
import { addTo, type AccessSummary } from '../access-summary/access-summary.js'
import { newestRetrievals, summariesOf, summaryPosition } from '../access-summary/read-summaries.js'
import { formerOwnersByRule, NO_OWNERSHIP_RULES, ownerOf, type OwnershipRules } from '../ownership/rules.js'
import { UNSTEWARDED, type Stewardship } from '../ownership/state.js'
import { privilegeOf } from '../privilege/privilege-rules.js'
import { RETRIEVALS_MAX, type CredentialHistory, type PersonRecord, type SourceRecord } from './credential-history.js'
import { isAnyAhead, NOTHING_AHEAD, readAhead } from './read-ahead.js'
import { datedChains, type DatedAsOf } from './read-dated-chains.js'
import { liveChanges } from './live-changes.js'
import { isPerson, isTeam } from './questions.js'
import { readTeams } from './read-teams.js'
import { readTold, type Told } from './read-told.js'
import { walkedChains } from './read-walked-chains.js'
import { defined, isObtained, newestOfEach, type Retrieval } from './retrieval.js'
import { sharingRecordOf } from '../sharing/sharing-record.js'

/** Kept retrievals read at once; they are the most of a history. */
const RETRIEVALS_AT_ONCE = 4_000
const CREDENTIALS_AT_ONCE = 250

type Chains = Pick<CredentialHistory, 'accessors' | 'retrievals' | 'older'>

interface Subject {
  readonly id: string
  /** None where no record names it. */
  readonly entry: CredentialEntry | undefined
  readonly chains: Chains
}

/** Histories of credentials, each as of a cut and a moment. Reads only. */
export class HistoryReader {
  constructor(private readonly reader: AccessReader) {}

  /**
   * From the rows that are kept, at the position that they stand at, in parts that are small enough to hold. Ids that no record and nobody speaks of are
   * left out.
   */
  async *current(credentials: readonly string[], at: Instant): AsyncGenerator<CredentialHistory[]> {
    const position = await summaryPosition(this.reader.pool)
    const asOf = await this.reader.asOf({ knownAt: (await this.reader.asOf()).cut })
    const latest = { ...asOf, position: Math.min(position, asOf.position) }
    const known = (await isAnyAhead(this.reader, latest, at)) ? { ...latest, validAt: at } : latest
    const summaries = await summariesOf(this.reader.pool, credentials)
    const parts = partsOf(credentials, summaries)
    const read = (part: readonly string[]): Promise<CredentialHistory[]> => this.keptOf(known, part, summaries, at)
    const readNext = (): Promise<CredentialHistory[]> | undefined => {
      const part = parts.shift()
      return part === undefined ? undefined : read(part)
    }
    let next = readNext()
    while (next !== undefined) {
      const part = await next
      // The next part is read while this one is judged.
      next = readNext()
      next?.catch(() => undefined)
      yield part
    }
  }

  private async keptOf(
    known: KnownAsOf,
    credentials: readonly string[],
    summaries: ReadonlyMap<string, readonly AccessSummary[]>,
    at: Instant,
  ): Promise<CredentialHistory[]> {
    const { validAt } = known
    const [newest, entries, { unsettled, nextAt }] = await Promise.all([
      newestRetrievals(this.reader.pool, credentials, RETRIEVALS_MAX + 1),
      // Of which all that is recorded is ahead is judged too, as one of which nothing is known yet.
      this.reader.credentialsById({ ...known, validAt: undefined }, credentials),
      validAt === undefined ? NOTHING_AHEAD : readAhead(this.reader, { ...known, validAt }, credentials),
    ])
    const dated = new Map<string, Chains>()
    for (const id of unsettled) dated.set(id, await this.chainsOn({ ...known, validAt: at }, id))
    const subjects = credentials.map((id) => ({
      id,
      entry: entries.get(id),
      chains: dated.get(id) ?? chainsOf(summaries.get(id) ?? [], newest.get(id) ?? []),
    }))
    const told = await readTold(this.reader, known, subjects, { at, decided: known.position })
    const histories = await this.assemble(known, subjects, at, told)
    return histories.map((history) => ({ ...history, ...defined('nextAt', nextAt.get(history.id)) }))
  }

  /** Of any moment, as known at any cut. Decisions count from when they were recorded. */
  async onDate(asOf: KnownAsOf, id: string, at: Instant): Promise<CredentialHistory | undefined> {
    const dated = { ...asOf, validAt: Math.min(at, asOf.validAt ?? Infinity) }
    const [entry, decided] = await Promise.all([this.entryThen(dated, id), this.decidedBy(dated.position, at, id)])
    const [chains, told] = await Promise.all([
      entry === undefined ? chainsOf([], []) : this.chainsOn(dated, id),
      readTold(this.reader, dated, [{ id, entry }], { at, decided }),
    ])
    return (await this.assemble(dated, [{ id, entry, chains }], at, told))[0]
  }

  /** Seen first and last as it was known then; the list's own times are of all that is known. */
  private async entryThen(dated: KnownAsOf, id: string): Promise<CredentialEntry | undefined> {
    const [entry, spans] = await Promise.all([
      this.reader.credential(dated, id),
      this.reader.credentialSpans(dated, [id]),
    ])
    return entry === undefined ? undefined : { ...entry, ...spans.get(id) }
  }

  /** From the rows that are kept where they are of that state of knowledge, else by walking all. */
  private async chainsOn(asOf: DatedAsOf, id: string): Promise<Chains> {
    const kept = await datedChains(this.reader, asOf, id, RETRIEVALS_MAX + 1)
    const { accessors, newest } = kept ?? (await walkedChains(this.reader, asOf, id))
    return chainsOf(accessors, newest)
  }

  /** What is asked of all of them is asked once: the number of questions does not grow with the credentials. */
  private async assemble(
    asOf: KnownAsOf,
    subjects: readonly Subject[],
    at: Instant,
    { stewardships, rules, privileges, sharing, reviews, changes, teardowns }: Told,
  ): Promise<CredentialHistory[]> {
    const index = this.reader.index(asOf)
    const owned = subjects.flatMap((subject) => ownedBy(subject, stewardships.get(subject.id) ?? UNSTEWARDED, rules))
    const systems = this.reader.settings.sources.map(({ kind, scope }) => `${kind}/${scope}`)
    const directory = new FactDirectory(index, systems)
    const all = [...new Set(owned.flatMap(({ keys }) => keys))]
    const [persons, sponsors] = await Promise.all([
      peopleOf(directory, all.filter(isPerson), at),
      directory.sponsorsOf(
        all.filter((key) => !isPerson(key)),
        at,
      ),
    ])
    const sponsoring = [...new Set([...sponsors.values()].flat().map(({ sponsor }) => sponsor))]
    const others = sponsoring.filter((key) => isPerson(key) && !persons.has(key))
    const people = others.length === 0 ? persons : new Map([...persons, ...(await peopleOf(directory, others, at))])
    const owners = owned.flatMap(({ owner }) => owner?.key ?? [])
    const teams = await readTeams(directory, [...owners, ...sponsoring].filter(isTeam), at)
    return Promise.all(
      owned.map(async ({ subject, slot, stewardship, owner, keys }): Promise<CredentialHistory> => {
        const { id, entry, chains } = subject
        const own = changes.get(id) ?? []
        const rotations = liveChanges({ changes: own, retrievals: chains.retrievals, older: chains.older })
        const reaches = stewardship.declared.reaches ?? []
        const policies = chains.accessors.flatMap((one) => one.policies)
        const privileged = privilegeOf(privileges, { slot, policies, reaches })
        return {
          id,
          slot,
          position: asOf.position,
          at,
          ...chains,
          ...(entry === undefined ? {} : { firstSeenAt: entry.firstSeenAt }),
          changes: own,
          teardowns: teardowns.get(id) ?? [],
          stewardship,
          ...(owner === undefined ? {} : { owner }),
          ...(privileged === undefined ? {} : { privileged }),
          people: only(people, [...keys, ...sponsorsAmong(sponsors, keys)]),
          sponsors: only(sponsors, keys),
          teams: only(teams, [...keys, ...sponsorsAmong(sponsors, keys)]),
          sources: await this.sourcesOf(index, slot.system, chains.accessors),
          sharing: { ...sharingRecordOf(sharing.get(id) ?? [], rotations), reviews: reviews.get(id) ?? [] },
        }
      }),
    )
  }

  /** Of its system; where none has its name, as with a trail of many accounts, those that recorded who obtained it. */
  private async sourcesOf(
    index: FactIndex,
    system: string,
    accessors: readonly AccessSummary[],
  ): Promise<SourceRecord[]> {
    const { sources } = this.reader.settings
    const recorded = new Set(accessors.flatMap((accessor) => accessor.sources))
    const named = sources.filter(({ kind, scope }) => `${kind}/${scope}` === system)
    const own = named.length > 0 ? named : sources.filter(({ id }) => recorded.has(id))
    return Promise.all(
      own.map(async ({ id, kind, heartbeatSeconds, gaps }) => {
        const coverage = await index.coverage(id)
        return {
          id,
          kind,
          gaps: [...gaps, ...(coverage?.lost ?? [])],
          ...(coverage === undefined ? {} : { coverage }),
          ...(heartbeatSeconds === undefined ? {} : { heartbeatSeconds }),
        }
      }),
    )
  }

  /** Last position, of what was decided of this credential or of all, that was recorded by then: what was decided later was not in force. */
  private async decidedBy(position: number, at: Instant, credential: string): Promise<number> {
    const { rows } = await this.reader.pool.query<{ position: string | null }>({
      name: 'decided-by',
      // Each decision looked up by its position: for a day before all records the server believes that their index of times is the shorter way.
      text: `SELECT max(recorded.position) AS position FROM (
          SELECT position FROM decisions.stewardship WHERE credential = $3 AND position <= $1
          UNION SELECT position FROM decisions.rule_list WHERE position <= $1) AS decided
        CROSS JOIN LATERAL (SELECT position FROM event
          WHERE position = decided.position AND recorded_at <= to_timestamp($2::float8 / 1000) OFFSET 0) AS recorded`,
      values: [position, at, credential],
    })
    return Number(rows[0]?.position ?? 0)
  }
}

/** Credentials in the order given, so many at once as have few retrievals. */
function partsOf(
  credentials: readonly string[],
  summaries: ReadonlyMap<string, readonly AccessSummary[]>,
): (readonly string[])[] {
  const parts: string[][] = [[]]
  let retrievals = 0
  for (const id of credentials) {
    const own = heldAtMost(summaries.get(id) ?? [])
    retrievals += own
    const part = parts.at(-1) ?? []
    if (part.length > 0 && (retrievals > RETRIEVALS_AT_ONCE || part.length === CREDENTIALS_AT_ONCE)) {
      parts.push([id])
      retrievals = own
    } else part.push(id)
  }
  return parts.filter((part) => part.length > 0)
}

/** What a request obtained of which only the first half was seen is not known before it is read. */
function heldAtMost(summaries: readonly AccessSummary[]): number {
  const sum = (count: (one: AccessSummary) => number): number =>
    Math.min(RETRIEVALS_MAX, summaries.reduce((all, one) => all + count(one), 0)) // prettier-ignore
  return sum(({ succeeded, other }) => succeeded + other) + sum(({ denied, other }) => denied + other)
}

/** `newest`: one more of each, where there are more than a history holds. */
function chainsOf(accessors: readonly AccessSummary[], newest: readonly Retrieval[]): Chains {
  const obtained = newest.filter(isObtained).length
  return { accessors, retrievals: newestOfEach(newest, RETRIEVALS_MAX), older: obtained > RETRIEVALS_MAX }
}

/** A slot that somebody answers for, or nobody; one that no record and nobody speaks of is left out. */
function ownedBy(subject: Subject, said: Stewardship, versions: readonly OwnershipRules[]) {
  const { entry, chains } = subject
  const slot =
    entry === undefined ? said.registration : { system: entry.system, container: entry.containerName, path: entry.path }
  if (slot === undefined) return []
  const owner = ownerOf(said, versions.at(-1) ?? NO_OWNERSHIP_RULES, slot)
  const former = [...(said.former ?? []), ...formerOwnersByRule(versions, said, slot)]
  const stewardship = former.length === 0 ? said : { ...said, former }
  const accessors = chains.accessors.flatMap(({ accessor }) => accessor.keys)
  const keys = [...new Set([...accessors, ...(owner === undefined ? [] : [owner.key])])]
  return [{ subject, slot, stewardship, owner, keys }]
}

function sponsorsAmong(sponsors: ReadonlyMap<Key, readonly Sponsorship[]>, keys: readonly Key[]): Key[] {
  return keys.flatMap((key) => (sponsors.get(key) ?? []).map(({ sponsor }) => sponsor))
}

function only<T>(all: ReadonlyMap<Key, T>, keys: readonly Key[]): Record<Key, T> {
  const own = keys.flatMap((key): [Key, T][] => {
    const value = all.get(key)
    return value === undefined ? [] : [[key, value]]
  })
  return Object.fromEntries(own)
}

async function peopleOf(
  directory: FactDirectory,
  persons: readonly Key[],
  at: Instant,
): Promise<Map<Key, PersonRecord>> {
  const [entries, changes, groups] = await Promise.all([
    directory.entries(persons, at),
    directory.changesOf(persons, { from: -Infinity, to: at + 1 }),
    directory.membershipsOf(persons),
  ])
  const byPerson = new Map<string, DirectoryChange[]>()
  for (const change of changes) addTo(byPerson, change.person, change)
  return new Map(
    [...entries].map(([key, { name, employment, absences, groupsToldFrom }]) => [
      key,
      {
        key,
        name,
        employment,
        absences,
        changes: byPerson.get(key) ?? [],
        memberships: groups.get(key) ?? [],
        ...defined('groupsToldFrom', groupsToldFrom),
      },
    ]),
  )
}
