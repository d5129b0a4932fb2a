import type { Activity } from '@catena/domain'
import type { Evidence } from './evidence.js'
import { federatedActor } from './federated-actor.js'
import { textOf } from './lives.js'
import { approvalOf, endsRequest, flawOf, permitting, type Asked, type RequestApprovals } from './request-approvals.js'
import type { Trace } from './trace.js'

const NONE: RequestApprovals = { approvals: [], state: undefined }

/**
 * Decisions of the issuer on a person's access to the client through which the login came. They name person and client and no session, and
 * what the client then let the person do is another question: an inference at most. Only where the operator names the mount's client.
 */
export function clientApprovals(
  evidence: Evidence,
  { terminal, hold, begun }: Trace,
  isOnPath: Asked['isOnPath'],
): RequestApprovals {
  if (terminal.kind !== 'upstream' || hold !== undefined || begun !== undefined) return NONE
  const { login, upstream } = terminal
  const client = textOf(login, 'issuerClient')
  const actor = client === undefined ? undefined : federatedActor(evidence, login, upstream)
  if (actor?.kind !== 'attributed') return NONE
  const isOfClient = (fact: Activity): boolean =>
    fact.kind === 'approval-observed' && fact.outcome === 'succeeded' && textOf(fact, 'step') !== undefined && textOf(fact, 'clientId') === client // prettier-ignore
  const facts = evidence.factsBy(actor.principal.key, 'describes').filter(isOfClient)
  const before = facts.filter((fact) => fact.occurredAt <= evidence.timeAtIssuer(login, login.occurredAt))
  const asked = { at: login.occurredAt, path: [login], isOnPath }
  const requests = requestsAmong(before)
  const standing = requests
    .map((one) => permitting(one, asked, evidence.settings.skewMaxMs))
    .findLast((approved) => approved !== undefined)
  return {
    approvals: before.map((fact) => {
      const flaws = requests.filter((one) => one.includes(fact)).map((one) => flawOf(fact, one, asked))
      const permits = fact === standing
      return approvalOf(fact, 'inferred', {
        permits,
        flaw: permits ? undefined : flaws.find((flaw) => flaw !== undefined),
      })
    }),
    state: standing === undefined ? undefined : 'inferred',
  }
}

/**
 * The decisions on each request, the oldest first. None names its request: one begins by being asked for, or where that before it ended, and what is of
 * that moment may be of both. What ends one may end any before it.
 */
function requestsAmong(decisions: readonly Activity[]): (readonly Activity[])[] {
  const begun = decisions.filter((one) => endsRequest(one) || textOf(one, 'step') === 'requested')
  const moments = [-Infinity, ...new Set(begun.map(({ occurredAt }) => occurredAt)), Infinity]
  return moments.slice(1).map((until, index) => {
    const from = moments[index] ?? -Infinity
    return decisions.filter((one) => endsRequest(one) || (one.occurredAt >= from && one.occurredAt <= until))
  })
}
