import { makeKey, namespaceOf, scopeOf, valueOf, type Activity, type Key } from '@catena/domain'
import type { Approval, EffectAspect, MissingReason, RightAspect } from './chain.js'
import { groupOf, keyOf, type Evidence } from './evidence.js'
import { textOf, textsOf } from './lives.js'
import type { Session } from './sessions.js'

/** By which recorded policy, and by whose approval where a source shows one. A recorded policy is no approval. */
export function rightOf(evidence: Evidence, fact: Activity, sessions: readonly Session[]): RightAspect {
  const policies = textsOf(fact, 'grantedBy')
  const [session] = sessions.length === 1 ? sessions : []
  const approvals = session === undefined ? [] : approvalsOf(evidence, session)
  const proof = [...new Set([...fact.positions, ...approvals.flatMap((approval) => approval.evidence)])].sort(
    (a, b) => a - b,
  )
  if (policies.length === 0 && approvals.length === 0) {
    const reason = refusalOf(fact)
    return {
      state: 'missing',
      ...(reason === undefined ? {} : { reason }),
      policies,
      approvals,
      evidence: fact.positions,
    }
  }
  return { state: 'proven', policies, approvals, evidence: proof }
}

/** Undefined: a policy was asked and allowed nothing. */
function refusalOf(fact: Activity): MissingReason | undefined {
  if (fact.attributes.refusedAsDead === true) return 'refused: nobody was authenticated'
  return fact.outcome === 'denied' ? undefined : 'not recorded by that source'
}

/** The run whose approval covers an attempt. */
export function runOf(attempt: Key): Key | undefined {
  if (namespaceOf(attempt) !== 'ci-attempt') return undefined
  const [run] = valueOf(attempt).split('/')
  return run === undefined ? undefined : makeKey('ci-run', scopeOf(attempt), run)
}

function approvalsOf(evidence: Evidence, session: Session): Approval[] {
  const run = runOf(session.key)
  const facts =
    run === undefined ? [] : evidence.factsBy(run, 'presents').filter((fact) => fact.kind === 'approval-observed')
  return facts.map((fact) => approvalOf(fact))
}

function approvalOf(fact: Activity): Approval {
  const approver = keyOf(fact, 'approver')
  const name = textOf(fact, 'approver') ?? (approver === undefined ? undefined : valueOf(approver))
  return {
    state: 'proven',
    decision: textOf(fact, 'decision') ?? fact.type,
    ...(approver === undefined || name === undefined
      ? {}
      : { approver: { key: approver, kind: 'person' as const, name } }),
    at: fact.occurredAt,
    evidence: fact.positions,
  }
}

/** What the request yielded. What was done with it at the target is known only where the target's own records say so. */
export function effectOf(fact: Activity): EffectAspect {
  if (fact.outcome === 'denied' || fact.outcome === 'failed')
    return { state: 'proven', yielded: `nothing: ${fact.outcome}`, evidence: fact.positions }
  if (fact.outcome === 'unknown') return { state: 'missing', reason: 'gap in the source', evidence: fact.positions }
  const yielded = yieldOf(fact)
  if (yielded === undefined)
    return { state: 'missing', reason: 'nothing recorded at the target', evidence: fact.positions }
  return { state: 'proven', yielded, evidence: fact.positions }
}

function yieldOf(fact: Activity): string | undefined {
  if (groupOf(fact, 'wrapping') !== undefined) return 'a wrapped response: whoever unwraps it obtains the content'
  if (fact.kind === 'lease-issued') return `lease ${clearLease(fact) ?? ''}`.trim()
  if (groupOf(fact, 'issued') !== undefined)
    return `a token (${textOf(fact, 'issuedTokenType') ?? textOf(fact, 'tokenType') ?? 'service'})`
  if (fact.kind === 'response-unwrapped') return 'the content of a wrapped response'
  if (fact.kind === 'secret-read')
    return typeof fact.attributes.version === 'number' ? `version ${fact.attributes.version}` : 'the secret'
  if (fact.kind === 'key-used') return 'a result of the key; the key itself stays in the vault'
  return undefined
}

function clearLease(fact: Activity): string | undefined {
  return groupOf(fact, 'lease')
    ?.forms.map((form) => valueOf(form.key))
    .find((value) => !value.startsWith('hmac'))
}
