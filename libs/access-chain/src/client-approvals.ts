import type { Activity } from '@catena/domain'
import type { Evidence } from './evidence.js'
import { federatedActor } from './federated-actor.js'
import { textOf } from './lives.js'
import { approvalOf, permitting, type Asked, type RequestApprovals } from './request-approvals.js'
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
  const standing = permitting(before, asked, evidence.settings.skewMaxMs)
  return {
    approvals: before.map((fact) => approvalOf(fact, 'inferred', { permits: fact === standing })),
    state: standing === undefined ? undefined : 'inferred',
  }
}
