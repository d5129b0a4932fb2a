import type { Caveat, ChainFinding, LinkState } from '@catena/access-chain'
import type { ActivityKind, Instant, Key } from '@catena/domain'
import type { Accessor } from '../history/accessor.js'
import { defined, isObtained, type Retrieval } from '../history/retrieval.js'
import { lastEndOf, laterEnd, type LastEnd } from './last-end.js'
import { addTally, namesByPrefix, tallyOfAll, weakestOf, type Tally } from './tally.js'

export type StateCounts = Readonly<Record<LinkState, number>>

/** One accessor of one credential over all its retrievals: what a reviewer needs to see before any chain. */
export interface AccessSummary {
  /** Id of the credential. */
  readonly credential: string
  readonly accessor: Accessor
  readonly succeeded: number
  readonly denied: number
  /** Failed, or only the request was seen. */
  readonly other: number
  /** Of what was obtained; absent where every attempt was refused. */
  readonly firstAt?: Instant
  readonly lastAt?: Instant
  readonly lastAttemptAt: Instant
  /** How often each state occurs, over what was obtained. */
  readonly path: StateCounts
  readonly actor: StateCounts
  /** Absent where nothing was obtained. */
  readonly worst?: { readonly path: LinkState; readonly actor: LinkState }
  readonly best?: { readonly path: LinkState; readonly actor: LinkState }
  /** How it was obtained, each way once. */
  readonly kinds: readonly ActivityKind[]
  /** Ids of the sources that recorded it. */
  readonly sources: readonly string[]
  /** Policies recorded as granting it. */
  readonly policies: readonly string[]
  /** Retrievals for which an approval was recorded. */
  readonly approved: number
  /** Attempts that whoever asked approved alone, and those approved by nobody whom a record names. */
  readonly approvedByItself: number
  readonly approvedByNobodyNamed: number
  /** Retrievals of which an end is recorded, and of which none is. */
  readonly ended: number
  readonly open: number
  /** Of those that ended: how many perhaps, for their end is ambiguous. */
  readonly perhapsEnded: number
  /** Retrievals by a token that somebody made for whoever would hold it. */
  readonly byHandedToken: number
  /** Of everything obtained, however old; absent where no end is recorded. */
  readonly lastEnd?: LastEnd
  readonly environments: readonly string[]
  /** Who set off the runs among the attempts, and who approved attempts, where records tell. */
  readonly initiators: readonly Key[]
  readonly approvers: readonly Key[]
  /** Of the weakest chain among what was obtained, in words; absent where nothing was. */
  readonly weakest?: string
  readonly caveats: readonly Caveat[]
  readonly findings: readonly ChainFinding['kind'][]
  /** The newest attempt: the fact, its version where one is known, and its records. */
  readonly newest: Pick<Retrieval, 'fact' | 'at' | 'outcome' | 'positions' | 'version' | 'address' | 'end'>
}

/** What the summary is made from; the same wherever it is counted. */
export interface Counted {
  readonly credential: string
  readonly accessor: Accessor
  readonly tally: Tally
  readonly firstAt: Instant | undefined
  readonly lastAt: Instant | undefined
  readonly lastEnd: LastEnd | undefined
  readonly newest: AccessSummary['newest']
}

const STATES: readonly LinkState[] = ['proven', 'inferred', 'ambiguous', 'missing']

export function summaryOf({ credential, accessor, tally, firstAt, lastAt, lastEnd, newest }: Counted): AccessSummary {
  const count = (name: string): number => tally[name] ?? 0
  const names = namesByPrefix(tally)
  const under = (prefix: string): readonly string[] => names.get(prefix) ?? []
  const states = (aspect: string): StateCounts => ({
    proven: count(`${aspect}:proven`),
    inferred: count(`${aspect}:inferred`),
    ambiguous: count(`${aspect}:ambiguous`),
    missing: count(`${aspect}:missing`),
  })
  const [path, actor] = [states('path'), states('actor')]
  return {
    credential,
    accessor,
    succeeded: count('outcome:succeeded'),
    denied: count('outcome:denied'),
    other: count('outcome:failed') + count('outcome:unknown'),
    ...(firstAt === undefined || lastAt === undefined ? {} : { firstAt, lastAt, ...extremes(path, actor) }),
    lastAttemptAt: newest.at,
    path,
    actor,
    kinds: under('kind') as ActivityKind[],
    sources: under('source'),
    policies: under('policy'),
    approved: count('approved'),
    approvedByItself: count('approved by itself'),
    approvedByNobodyNamed: count('approved by nobody named'),
    ended: STATES.reduce((sum, state) => sum + count(`end:${state}`), 0),
    open: count('end:open'),
    perhapsEnded: count('end:ambiguous'),
    byHandedToken: count('handed token'),
    ...defined('lastEnd', lastEnd),
    environments: under('environment'),
    initiators: under('initiator') as Key[],
    approvers: under('approver') as Key[],
    ...defined('weakest', weakestOf(names)),
    caveats: under('caveat') as Caveat[],
    findings: under('finding') as ChainFinding['kind'][],
    newest,
  }
}

function extremes(path: StateCounts, actor: StateCounts): Required<Pick<AccessSummary, 'worst' | 'best'>> {
  const best = (counts: StateCounts): LinkState => STATES.find((state) => counts[state] > 0) ?? 'missing'
  const worst = (counts: StateCounts): LinkState => STATES.findLast((state) => counts[state] > 0) ?? 'missing'
  return { worst: { path: worst(path), actor: worst(actor) }, best: { path: best(path), actor: best(actor) } }
}

/** Summaries of one credential by its retrievals, in any order; by accessor. What the materialised ones must equal. */
export function summarise(credential: string, retrievals: readonly Retrieval[]): AccessSummary[] {
  const byAccessor = new Map<string, Retrieval[]>()
  for (const retrieval of retrievals) addTo(byAccessor, retrieval.accessor.id, retrieval)
  return [...byAccessor.values()]
    .map((own) => summaryOf(countedFrom(credential, own)))
    .sort((a, b) => (a.accessor.id < b.accessor.id ? -1 : 1))
}

/** What two parts of one accessor's retrievals come to together. */
export function countedTogether(a: Counted, b: Counted): Counted {
  const [older, newer] = isAfter(a.newest, b.newest) ? [b, a] : [a, b]
  const spans = [older, newer].flatMap(({ firstAt, lastAt }) =>
    firstAt === undefined || lastAt === undefined ? [] : [{ firstAt, lastAt }],
  )
  return {
    credential: newer.credential,
    accessor: newer.accessor,
    tally: addTally(older.tally, newer.tally),
    firstAt: spans.length === 0 ? undefined : Math.min(...spans.map(({ firstAt }) => firstAt)),
    lastAt: spans.length === 0 ? undefined : Math.max(...spans.map(({ lastAt }) => lastAt)),
    lastEnd: laterEnd(a.lastEnd, b.lastEnd),
    newest: newer.newest,
  }
}

export function countedFrom(credential: string, own: readonly Retrieval[]): Counted {
  const newest = own.reduce((a, b) => (isAfter(b, a) ? b : a))
  const obtained = own.filter(isObtained).map(({ at }) => at)
  return {
    credential,
    accessor: newest.accessor,
    tally: tallyOfAll(own),
    firstAt: obtained.length === 0 ? undefined : obtained.reduce((a, b) => Math.min(a, b)),
    lastAt: obtained.length === 0 ? undefined : obtained.reduce((a, b) => Math.max(a, b)),
    lastEnd: lastEndOf(own),
    newest: newestOf(newest),
  }
}

export function newestOf({ fact, at, outcome, positions, version, address, end }: Retrieval): AccessSummary['newest'] {
  return {
    fact,
    at,
    outcome,
    positions,
    end,
    ...(version === undefined ? {} : { version }),
    ...(address === undefined ? {} : { address }),
  }
}

/** Adds to the list under a key. Long lists are the rule here, so they are never copied. */
export function addTo<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const known = lists.get(key)
  if (known === undefined) lists.set(key, [item])
  else known.push(item)
}

/** By time, and of the same moment by the fact's id, so that there is one newest. */
export function isAfter(a: Pick<Retrieval, 'at' | 'fact'>, b: Pick<Retrieval, 'at' | 'fact'>): boolean {
  return a.at > b.at || (a.at === b.at && a.fact > b.fact)
}
