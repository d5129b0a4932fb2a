import type {
  Caveat,
  Chain,
  ChainFinding,
  EndAspect,
  LinkState,
  MissingReason,
  SystemIdentity,
} from '@catena/access-chain'
import { agreedOutcome, type Activity, type ActivityKind, type Instant, type Key, type Outcome } from '@catena/domain'
import { accessorOf, isOneActor, type Accessor, type Hops } from './accessor.js'

export interface SeenApproval {
  readonly decision: string
  readonly state: LinkState
  /** By the walk it stood when it was obtained. */
  readonly permits: boolean
  /** By the walk: whoever asked gave it, wholly or in part, or no record names who did. */
  readonly flaw?: 'own' | 'nobody named'
  readonly approver?: Key
  readonly at: Instant
}

export interface HandedToken {
  readonly madeAt: Instant
  /** Nothing ends it by itself; absent where no record tells its time to live. */
  readonly endless?: boolean
  readonly positions: readonly number[]
}

/** What one access chain says, without its links: what controls test and summaries count. Derived, never stored as truth. */
export interface Retrieval {
  readonly fact: string
  readonly at: Instant
  readonly kind: ActivityKind
  /** Unknown where observers disagree on it, and where it may have been another credential that was unwrapped. */
  readonly outcome: Outcome
  readonly source: string
  readonly accessor: Accessor
  readonly path: { readonly state: LinkState; readonly reason?: MissingReason; readonly through?: Key }
  readonly actor: { readonly state: LinkState; readonly reason?: MissingReason }
  readonly right: {
    readonly state: LinkState
    readonly reason?: MissingReason
    readonly policies: readonly string[]
    readonly approvals: readonly SeenApproval[]
  }
  readonly effect: { readonly state: LinkState; readonly yielded?: string }
  /** Positions: of the records that show it. */
  readonly end: {
    readonly state: LinkState
    readonly how?: NonNullable<EndAspect['how']>
    readonly at?: Instant
    readonly positions?: readonly number[]
  }
  /** The token by which it was obtained, where somebody made it for whoever would hold it. */
  readonly token?: HandedToken
  /** Of path and actor, each once. */
  readonly caveats: readonly Caveat[]
  /** Who set off the run, where one is known. */
  readonly initiator?: { readonly state: LinkState; readonly key?: Key; readonly name: string }
  readonly identity?: SystemIdentity
  readonly version?: number
  readonly environment?: string
  readonly address?: string
  readonly findings: readonly Pick<ChainFinding, 'kind' | 'words'>[]
  /** Positions of the retrieval's own records. */
  readonly positions: readonly number[]
  /** Positions that its actor rests on. */
  readonly evidence: readonly number[]
}

export function retrievalOf(chain: Chain, hops: Hops): Retrieval {
  const { fact, path, actor, right, effect, end, identity } = chain
  const environment = textOf(fact, 'environment') ?? environmentIn(path.links.flatMap(({ to }) => to), hops) // prettier-ignore
  return {
    fact: fact.factId,
    at: fact.occurredAt,
    kind: fact.kind,
    outcome: outcomeOf(chain),
    source: fact.source,
    accessor: accessorOf(chain, hops),
    path: { state: path.state, ...defined('reason', path.reason), ...defined('through', path.through) },
    actor: { state: actor.state, ...defined('reason', actor.kind === 'missing' ? actor.reason : undefined) },
    right: {
      state: right.state,
      ...defined('reason', right.reason),
      policies: right.policies,
      approvals: right.approvals.map(approvalOf),
    },
    effect: { state: effect.state, ...defined('yielded', effect.yielded) },
    end: {
      state: end.state,
      ...defined('how', end.how),
      ...defined('at', end.at),
      ...(end.evidence.length === 0 ? {} : { positions: end.evidence }),
    },
    ...defined('token', tokenIn(chain, hops)),
    caveats: [...new Set([...path.caveats, ...actor.caveats])].sort(),
    ...defined('initiator', initiatorOf(chain)),
    ...defined('identity', identity),
    ...defined('version', versionOf(fact)),
    ...defined('environment', environment),
    ...defined('address', textOf(fact, 'address')),
    findings: chain.findings.map(({ kind, words }) => ({ kind, words })),
    positions: fact.positions,
    evidence: actor.evidence,
  }
}

/** What was unwrapped and is of one of several, or perhaps of none that is known, was perhaps obtained. */
function outcomeOf({ fact, content }: Chain): Outcome {
  const outcome = agreedOutcome(fact)
  return outcome === 'succeeded' && content?.state === 'ambiguous' ? 'unknown' : outcome
}

/** Was it obtained? A request of which only the first half was seen may have been, and so may one that not all observers say was refused. */
export function isObtained({ outcome }: Pick<Retrieval, 'outcome'>): boolean {
  return outcome === 'succeeded' || outcome === 'unknown'
}

/**
 * Of all, newest first: the newest that obtained it and the newest attempts that did not, at most `limit` of each. So that attempts which obtained
 * nothing, and which anybody can make, crowd out nothing that was obtained.
 */
export function newestOfEach(all: readonly Retrieval[], limit: number): Retrieval[] {
  let [obtained, others] = [0, 0]
  return all.filter((one) => (isObtained(one) ? (obtained += 1) : (others += 1)) <= limit)
}

/** A person, workload or agent stands behind it, as sure as the records carry: proven or inferred, and not shared. */
export function isAttributed({ accessor, actor }: Pick<Retrieval, 'accessor' | 'actor'>): boolean {
  return isOneActor(accessor) && (actor.state === 'proven' || actor.state === 'inferred')
}

/** An approval on record stood when it was obtained, as sure as the records carry: proven or inferred. */
export function isApproved({ right }: Pick<Retrieval, 'right'>): boolean {
  return right.approvals.some(({ permits, state }) => permits && (state === 'proven' || state === 'inferred'))
}

/** Whoever asked, or set off the run, approved it, and nobody else did. */
export function isApprovedByItself({
  right,
  accessor,
  initiator,
}: Pick<Retrieval, 'right' | 'accessor' | 'initiator'>): boolean {
  const isOwn = ({ decision, flaw, approver }: SeenApproval): boolean =>
    flaw === 'own' ||
    (decision === 'approved' && approver !== undefined && [...accessor.keys, initiator?.key].includes(approver))
  return right.approvals.some(isOwn) && !right.approvals.some((one) => one.permits && !isOwn(one))
}

/** No record names who approved it, so that it may have been whoever asked; and nobody who is named did. */
export function isApprovedByNobodyNamed({ right }: Pick<Retrieval, 'right'>): boolean {
  return right.approvals.some(({ flaw }) => flaw === 'nobody named') && !isApproved({ right })
}

function approvalOf({
  decision,
  state,
  permits,
  flaw,
  approver,
  at,
}: Chain['right']['approvals'][number]): SeenApproval {
  return { decision, state, permits, ...defined('flaw', flaw), ...defined('approver', approver?.key), at }
}

function tokenIn({ fact, path }: Chain, hops: Hops): HandedToken | undefined {
  const [link] = path.links
  const [maker, ...others] = link?.by === 'handover' && link.from === fact.factId ? link.to : []
  const made = maker === undefined || others.length > 0 ? undefined : hops.get(maker)
  if (made === undefined) return undefined
  const { issuedTtlSeconds: ttl } = made.attributes
  return {
    madeAt: made.occurredAt,
    ...(typeof ttl === 'number' ? { endless: ttl === 0 } : {}),
    positions: made.positions,
  }
}

function initiatorOf({ sideways }: Chain): Retrieval['initiator'] {
  const found = sideways.find(({ role }) => role === 'initiator')
  const name = found?.principal?.name ?? found?.name
  return found === undefined || name === undefined
    ? undefined
    : { state: found.state, ...defined('key', found.principal?.key), name }
}

function environmentIn(ids: readonly string[], hops: Hops): string | undefined {
  return ids.map((id) => textOf(hops.get(id), 'environment')).find((name) => name !== undefined)
}

function versionOf({ attributes }: Activity): number | undefined {
  return typeof attributes.version === 'number' ? attributes.version : undefined
}

function textOf(fact: Activity | undefined, name: string): string | undefined {
  const value = fact?.attributes[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The member, unless it is undefined. */
export function defined<K extends string, V>(name: K, value: V | undefined): { readonly [P in K]?: V } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [P in K]?: V }
}
