import { valueOf, type Activity, type Key } from '@catena/domain'
import { atMost, type Approval, type LinkState } from './chain.js'
import { keyOf, type Evidence } from './evidence.js'
import { numberOf, textOf } from './lives.js'
import type { Trace } from './trace.js'

/** Requests and tickets under which a fact was done, as far as its own system vouches for them. */
export function requestsOf({ groups }: Activity): Key[] {
  const requests = groups.filter(({ role, trust, verb }) => role.startsWith('request') && trust === 'verified' && verb === 'presents')
  return requests.flatMap(({ forms }) => forms.map(({ key }) => key))
} // prettier-ignore

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
  const own = requestsOf(fact)
  const inherited = passed.flatMap(requestsOf).filter((key) => !own.includes(key))
  const found = [
    ...own.map((key) => decisionsOn(evidence, key, fact, 'proven')),
    ...[...new Set(inherited)].map((key) => decisionsOn(evidence, key, fact, atMost('proven', pathState))),
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

function decisionsOn(evidence: Evidence, request: Key, fact: Activity, state: LinkState): Decisions {
  const facts = evidence.factsBy(request, 'presents').filter((one) => one.kind === 'approval-observed' && one.outcome === 'succeeded')
  const before = facts.filter((one) => one.occurredAt <= fact.occurredAt + evidence.settings.skewMaxMs)
  const isStanding = permits(before, fact, evidence.settings.skewMaxMs)
  return { approvals: facts.map((one) => approvalOf(one, state)), permits: isStanding ? state : undefined }
} // prettier-ignore

/** An answer of a request that leaves nothing of it. */
const OVER = new Set(['denied', 'rejected', 'withdrawn', 'cancelled', 'expired', 'revoked', 'deleted'])

/** Approved by somebody else than who asked, within its window, and neither refused nor over by then. Of one moment, the refusal counts. */
function permits(decisions: readonly Activity[], fact: Activity, toleranceMs: number): boolean {
  const approved = decisions.findLast((one) => textOf(one, 'decision') === 'approved')
  if (approved === undefined || decisions.some(isOwn)) return false
  const isOver = decisions.some((one) => OVER.has(textOf(one, 'decision') ?? '') && one.occurredAt >= approved.occurredAt)
  const [from, until] = [numberOf(approved, 'validFrom') ?? -Infinity, numberOf(approved, 'validUntil') ?? Infinity]
  return !isOver && fact.occurredAt >= from - toleranceMs && fact.occurredAt <= until + toleranceMs
} // prettier-ignore

function isOwn(decision: Activity): boolean {
  return textOf(decision, 'decision') === 'approved' && decision.attributes.approvedByRequester === true
}

export function approvalOf(fact: Activity, state: LinkState): Approval {
  const approver = keyOf(fact, 'approver')
  const name = textOf(fact, 'approver') ?? (approver === undefined ? undefined : valueOf(approver))
  return {
    state,
    decision: textOf(fact, 'decision') ?? fact.type,
    ...(approver === undefined || name === undefined
      ? {}
      : {
          approver: { key: approver, kind: fact.attributes.approvedBySoftware === true ? 'workload' : 'person', name },
        }),
    at: fact.occurredAt,
    evidence: fact.positions,
  }
}
