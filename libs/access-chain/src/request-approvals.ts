import { namespaceOf, valueOf, type Activity, type Key } from '@catena/domain'
import { atMost, type Approval, type Approver, type LinkState } from './chain.js'
import { keyOf, keysOf, type Evidence } from './evidence.js'
import { numberOf, textOf } from './lives.js'
import type { Trace } from './trace.js'

/** Requests and tickets under which a fact was done, as far as its own system vouches for them. */
export function requestsOf(fact: Activity): Key[] {
  const { groups } = fact

  const requests = groups.filter(({ role, trust, verb }) => role.startsWith('request') && trust === 'verified' && verb === 'presents')
  return [...requests.flatMap(({ forms }) => forms.map(({ key }) => key)), ...openedBy(fact)]
} // prettier-ignore

/** What a vault's control group agreed to is asked for again by the wrapping, as the caller's own token or in the body. */
function openedBy(fact: Activity): Key[] {
  if (fact.kind !== 'response-unwrapped') return []
  const opened = keysOf(fact, 'opened')
  return opened.length > 0 ? opened : keysOf(fact, 'caller')
}

export interface RequestApprovals {
  readonly approvals: readonly Approval[]
  /** How sure it is that one of them permitted the fact; undefined: none did. */
  readonly state: LinkState | undefined
}

/** Decisions on the requests that the fact itself, or a login on its path, was done under. */
export function requestApprovals(
  evidence: Evidence,
  fact: Activity,
  { passed }: Trace,
  pathState: LinkState,
): RequestApprovals {
  const path = [fact, ...passed]
  // One request may be known by several names.
  const distinct = (keys: readonly Key[]): Key[] => [...new Set(keys.map((key) => evidence.canonical(key)))]
  const own = distinct(requestsOf(fact))
  const inherited = distinct(passed.flatMap(requestsOf)).filter((key) => !own.includes(key))
  const found = [
    ...own.map((key) => decisionsOn(evidence, key, path, 'proven')),
    ...inherited.map((key) => decisionsOn(evidence, key, path, atMost('proven', pathState))),
  ]
  return {
    approvals: found.flatMap(({ approvals }) => approvals),
    state: found.find(({ permits }) => permits !== undefined)?.permits,
  }
}

interface Decisions {
  readonly approvals: readonly Approval[]
  readonly permits: LinkState | undefined
}

function decisionsOn(evidence: Evidence, request: Key, path: readonly Activity[], state: LinkState): Decisions {
  const asked = path[0]?.occurredAt ?? -Infinity
  const facts = evidence.factsBy(request, 'presents').filter((one) => one.kind === 'approval-observed' && one.outcome === 'succeeded')
  const before = facts.filter((one) => one.occurredAt <= asked + evidence.settings.skewMaxMs)
  const isStanding = permits(before, path, evidence.settings.skewMaxMs)
  return { approvals: facts.map((one) => approvalOf(one, state)), permits: isStanding ? state : undefined }
} // prettier-ignore

/** An answer of a request that leaves nothing of it. */
const OVER = new Set(['denied', 'rejected', 'withdrawn', 'cancelled', 'expired', 'revoked', 'deleted'])

/** Approved by somebody else than who asked, within its window, and neither refused nor over by then. Of one moment, the refusal counts. */
export function permits(decisions: readonly Activity[], path: readonly Activity[], toleranceMs: number): boolean {
  const at = path[0]?.occurredAt ?? -Infinity
  const approved = decisions.findLast((one) => decisionOf(one) === 'approved')
  if (approved === undefined || decisions.some((one) => isOwn(one, path))) return false
  const isOver = decisions.some((one) => OVER.has(decisionOf(one) ?? '') && one.occurredAt >= approved.occurredAt)
  const [from, until] = [numberOf(approved, 'validFrom') ?? -Infinity, numberOf(approved, 'validUntil') ?? Infinity]
  return !isOver && at >= from - toleranceMs && at <= until + toleranceMs
} // prettier-ignore

/** What was decided, or the step of a request that its source recorded. */
function decisionOf(fact: Activity): string | undefined {
  return textOf(fact, 'decision') ?? textOf(fact, 'step')
}

/** Whoever stands on the path approved it himself. */
function isOwn(decision: Activity, path: readonly Activity[]): boolean {
  if (decisionOf(decision) !== 'approved') return false
  const approver = keyOf(decision, 'approver')
  const entity = textOf(decision, 'entityId')
  const isSame = (fact: Activity): boolean =>
    (entity !== undefined && decision.source === fact.source && entity === textOf(fact, 'entityId')) ||
    (approver !== undefined && ['caller', 'account', 'federated-person'].some((role) => keyOf(fact, role) === approver))
  return decision.attributes.approvedByRequester === true || path.some(isSame)
}

export function approvalOf(fact: Activity, state: LinkState): Approval {
  const approver = keyOf(fact, 'approver')
  const name = textOf(fact, 'approver') ?? (approver === undefined ? undefined : valueOf(approver))
  return {
    state,
    decision: decisionOf(fact) ?? fact.type,
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
