import type { MissingReason } from '@catena/access-chain'
import type { Advice, JoinableHop } from './hop.js'
import { placeId } from './places.js'
import type { Hop, LoginPlace, Surveyed } from './survey.js'

/** Chains that break at the same place for the same cause. */
export interface BrokenGroup {
  readonly hop: Hop
  readonly state: 'missing' | 'ambiguous'
  readonly reason: MissingReason | 'several fit'
  /** Source instance in which the chain breaks, and the place of login, where it got so far. */
  readonly source: string
  readonly place: LoginPlace | undefined
  readonly retrievals: number
  readonly credentials: number
  /** Newest retrievals, by fact id. */
  readonly examples: readonly string[]
  /** What would close it, in words. */
  readonly remedy: string
  /** The exact settings, where a setting closes it. */
  readonly advice: readonly Advice[]
  /** Of the newest. */
  readonly evidence: readonly number[]
}

const EXAMPLES_MAX = 3

/** Causes that lie in how the place of login is set up. */
const CLOSED_BY_SETTINGS: ReadonlySet<BrokenGroup['reason']> = new Set([
  'federation not declared',
  'identity not joined',
  'not recorded by that source',
  'several fit',
  'shared identity',
  'source not connected',
])

const REMEDIES: Readonly<Record<MissingReason | 'several fit', string>> = {
  'nobody authenticated': 'nothing to close: the request came without a token',
  'refused: nobody was authenticated': 'nothing to close: the login was refused',
  'source not connected': "connect the issuer's records: docs/sources",
  'before its coverage': 'ingest older exports of that source, if there are any',
  'gap in the source': 'look at the shipping of that source, and ingest the records that are missing',
  'federation not declared': 'declare in catena.yaml whose tokens the mount accepts',
  'not recorded by that source':
    'its records do not tell what leads on: docs/sources says what each source leaves out, and which setting adds it',
  'bearer handed over': 'let holders log in themselves instead of handing tokens on; keep wrapping short',
  'shared identity': 'give each workload its own identity',
  'identity not joined': 'join the account to a person: catena identity suggestions',
  'no approval recorded': 'no link of a path',
  'no end seen': 'no link of a path',
  'nothing recorded at the target': 'no link of a path',
  'several fit': 'let records of logins carry the minted claim: one session or attempt is then known among those alive',
}

/** The first weak link of each chain, by cause: the biggest group first. Chains whose path and actor are known are in none. */
export function brokenGroups(retrievals: readonly Surveyed[], hops: readonly JoinableHop[]): BrokenGroup[] {
  const groups = new Map<string, Surveyed[]>()
  for (const retrieval of retrievals) {
    const id = groupId(retrieval)
    if (id !== undefined) groups.set(id, [...(groups.get(id) ?? []), retrieval])
  }
  return [...groups.entries()]
    .sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1))
    .flatMap(([, members]) => groupOf(members, hops))
}

function groupId({ weak, login, source }: Surveyed): string | undefined {
  if (weak === undefined) return undefined
  return [weak.hop, weak.state, weak.reason, login === undefined ? source : placeId(login.place)].join('\n')
}

function groupOf(members: readonly Surveyed[], hops: readonly JoinableHop[]): BrokenGroup[] {
  const newest = [...members].sort((a, b) => b.at - a.at || (a.fact < b.fact ? -1 : 1))
  const [first] = newest
  if (first?.weak === undefined) return []
  const { hop, state, reason, evidence } = first.weak
  const place = first.login?.place
  return [
    {
      hop,
      state,
      reason,
      source: place?.source ?? first.source,
      place,
      retrievals: members.length,
      credentials: new Set(members.map(({ credential }) => credential)).size,
      examples: newest.slice(0, EXAMPLES_MAX).map(({ fact }) => fact),
      remedy: REMEDIES[reason],
      advice: place === undefined || !CLOSED_BY_SETTINGS.has(reason) ? [] : adviceFor(place, hops),
      evidence,
    },
  ]
}

/** What helps most at that place. */
function adviceFor(place: LoginPlace, hops: readonly JoinableHop[]): Advice[] {
  const own = hops.filter((hop) => placeId(hop.place) === placeId(place)).flatMap(({ advice }) => advice)
  const distinct = new Map(own.map((advice) => [JSON.stringify(advice.settings), advice]))
  return [...distinct.values()].sort((a, b) => b.helps - a.helps)
}
