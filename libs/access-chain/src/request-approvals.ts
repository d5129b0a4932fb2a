import { namespaceOf, valueOf, type Activity, type Instant, type Key } from '@catena/domain'
import { atMost, type Approval, type Approver, type LinkState } from './chain.js'
import { keyOf, keysOf, type Evidence } from './evidence.js'
import { numberOf, textOf } from './lives.js'
import type { Trace } from './trace.js'
import { openedBy } from './unwrapped.js'

/** Requests and tickets under which a fact was done, as far as its own system vouches for them. */
export function requestsOf(fact: Activity): Key[] {
  const { groups } = fact

  const requests = groups.filter(({ role, trust, verb }) => role.startsWith('request') && trust === 'verified' && verb === 'presents')
  return [...requests.flatMap(({ forms }) => forms.map(({ key }) => key)), ...agreedWrapping(fact)]
} // prettier-ignore

/** What a vault's control group agreed to is asked for again by the wrapping. */
function agreedWrapping(fact: Activity): Key[] {
  return fact.kind === 'response-unwrapped' ? openedBy(fact) : []
}

export interface RequestApprovals {
  readonly approvals: readonly Approval[]
  /** How sure it is that one of them permitted the fact; undefined: none did. */
  readonly state: LinkState | undefined
}

/** What decisions were asked for: a use at a moment of their clock, the facts on its path, and whether one was made by somebody known on it. */
export interface Asked {
  readonly at: Instant
  readonly path: readonly Activity[]
  readonly isOnPath: (decision: Activity) => boolean
}

/** Decisions on the requests that the fact itself, or a login on its path, was done under. */
export function requestApprovals(
  evidence: Evidence,
  { passed }: Pick<Trace, 'passed'>,
  asked: Asked,
  pathState: LinkState,
): RequestApprovals {
  const [fact] = asked.path
  // One request may be known by several names.
  const distinct = (keys: readonly Key[]): Key[] => [...new Set(keys.map((key) => evidence.canonical(key)))]
  const own = distinct(fact === undefined ? [] : requestsOf(fact))
  const inherited = distinct(passed.flatMap(requestsOf)).filter((key) => !own.includes(key))
  const found = [
    ...own.map((key) => decisionsOn(evidence, key, asked, 'proven')),
    ...inherited.map((key) => decisionsOn(evidence, key, asked, atMost('proven', pathState))),
  ]
  const approvals = found.flat()
  return { approvals, state: approvals.find(({ permits }) => permits)?.state }
}

function decisionsOn(evidence: Evidence, request: Key, asked: Asked, state: LinkState): Approval[] {
  const facts = evidence.factsBy(request, 'presents').filter((one) => one.kind === 'approval-observed' && one.outcome === 'succeeded')
  const standing = permitting(facts, asked, evidence.settings.skewMaxMs)
  return facts.map((one) => approvalOf(one, state, { permits: one === standing, flaw: flawOf(one, facts, asked) }))
} // prettier-ignore

/** An answer of a request that leaves nothing of it. */
const OVER = new Set(['denied', 'rejected', 'withdrawn', 'cancelled', 'expired', 'revoked', 'deleted'])

export function endsRequest(decision: Activity): boolean {
  return OVER.has(decisionOf(decision) ?? '')
}

/**
 * The approval that permits what was asked for, among all decisions on one thing in order of time: the last one before, by somebody who does not stand
 * on the path, within its window, and neither refused nor over by then. Of one moment, the refusal counts. What somebody on the path approved himself is
 * none, and takes nothing from what another approved by himself; where several had to agree and he was one of them, the others' agreement was not enough.
 */
export function permitting(decisions: readonly Activity[], asked: Asked, toleranceMs: number): Activity | undefined {
  const { at } = asked
  const before = decisions.filter((one) => one.occurredAt <= at + toleranceMs)
  const others = before.filter((one) => decisionOf(one) === APPROVED && flawOf(one, before, asked) === undefined)
  const approved = others.at(-1)
  if (approved === undefined || isOver(approved, before)) return undefined
  const standing = others.filter((one) => !isOver(one, before))
  if (!before.filter(letsGo).every((one) => standing.some((other) => covers(other, one)))) return undefined
  const [from, until] = [numberOf(approved, 'validFrom') ?? -Infinity, numberOf(approved, 'validUntil') ?? Infinity]
  return at >= from - toleranceMs && at <= until + toleranceMs ? approved : undefined
}

function isOver(approved: Activity, decisions: readonly Activity[]): boolean {
  const over = decisions.filter((one) => endsRequest(one) && isOfSame(one, approved))
  return over.some((one) => one.occurredAt >= approved.occurredAt)
}

/** A run may be decided on for several environments: what is said of one says nothing of another. */
function isOfSame(one: Activity, other: Activity): boolean {
  const [a, b] = [environmentsOf(one), environmentsOf(other)]
  return a.length === 0 || b.length === 0 || a.some((key) => b.includes(key))
}

/** Is all that the one let go among what the other approved? What names no environment is of all of them, or of one that is not known. */
function covers(other: Activity, one: Activity): boolean {
  const [approved, wanted] = [environmentsOf(other), environmentsOf(one)]
  return approved.length === 0 || (wanted.length > 0 && wanted.every((key) => approved.includes(key)))
}

/** Where there are several, each stands in a role of its own. */
function environmentsOf({ groups }: Activity): Key[] {
  const named = groups.filter(({ role }) => role === 'environment' || role.startsWith('environment:'))
  return named.flatMap(({ forms }) => forms.map(({ key }) => key))
}

/** By whomever: which of its environments a run was let go for when it obtained something, is not told. */
function letsGo(decision: Activity): boolean {
  return decisionOf(decision) === APPROVED || decisionOf(decision) === 'bypassed'
}

/** The only decision that lets something go on because somebody agreed. */
const APPROVED = 'approved'

/** One of several who had to agree did. */
const AGREED = 'proposed approved'

/** Who agreed one by one to what was then approved. Some systems approve in the end by themselves, in the name of nobody. */
function agreedTo(decisions: readonly Activity[]): readonly Activity[] {
  return decisions.filter((one) => decisionOf(one) === AGREED)
}

/** What was decided, or the step of a request that its source recorded. */
function decisionOf(fact: Activity): string | undefined {
  return textOf(fact, 'decision') ?? textOf(fact, 'step')
}

/**
 * None: it was made by somebody who is named and does not stand on the path, as was what several agreed to before, one by one: who is not named may be who
 * asked. Only the last word of all may be nobody's, for some systems speak it by themselves.
 */
export function flawOf(decision: Activity, decisions: readonly Activity[], asked: Asked): Approval['flaw'] {
  if (decisionOf(decision) !== APPROVED) return undefined
  const agreed = agreedTo(decisions)
  if ([decision, ...agreed].some((one) => isOwn(one, asked))) return 'own'
  const before = agreed.filter((one) => one.occurredAt <= decision.occurredAt)
  const said = before.length > 0 ? before : [decision]
  return said.every((one) => keysOf(one, 'approver').length > 0) ? undefined : 'nobody named'
}

/** Whoever stands on the path approved it himself. */
function isOwn(decision: Activity, { path, isOnPath }: Asked): boolean {
  const approvers = keysOf(decision, 'approver')
  const entity = textOf(decision, 'entityId')
  const isSame = (fact: Activity): boolean =>
    (entity !== undefined && decision.source === fact.source && entity === textOf(fact, 'entityId')) ||
    CLAIMING.some((role) => keysOf(fact, role).some((key) => approvers.includes(key)))
  return decision.attributes.approvedByRequester === true || path.some(isSame) || isOnPath(decision)
}

/** Roles in which a fact names who did it. */
const CLAIMING = ['caller', 'account', 'federated-person', 'federated-email', 'federated-name']

/** What a decision is worth for what was asked for. */
type Worth = Pick<Approval, 'permits'> & { readonly flaw: Approval['flaw'] }

export function approvalOf(fact: Activity, state: LinkState, { permits, flaw }: Worth): Approval {
  const approver = keyOf(fact, 'approver')
  const name = textOf(fact, 'approver') ?? (approver === undefined ? undefined : valueOf(approver))
  return {
    state,
    decision: decisionOf(fact) ?? fact.type,
    permits,
    ...(flaw === undefined ? {} : { flaw }),
    ...(approver === undefined || name === undefined
      ? {}
      : { approver: { key: approver, kind: approverKind(fact, approver), name } }),
    at: fact.occurredAt,
    evidence: fact.positions,
  }
}

/** An account of the deciding system stands for itself: who holds it is another question. */
function approverKind(fact: Activity, approver: Key): Approver['kind'] {
  if (fact.attributes.approvedBySoftware === true) return 'workload'
  return namespaceOf(approver).startsWith('person') ? 'person' : 'account'
}
