import {
  isSecretRead,
  makeKey,
  namespaceOf,
  scopeOf,
  valueOf,
  type Activity,
  type Instant,
  type Key,
} from '@catena/domain'
import {
  atMost,
  type ActorAspect,
  type Approval,
  type ContentAspect,
  type EffectAspect,
  type LinkState,
  type MissingReason,
  type RightAspect,
} from './chain.js'
import { isDisputed, unlessDisputed } from './disputes.js'
import { groupOf, keysOf, type Evidence } from './evidence.js'
import { textOf, textsOf } from './lives.js'
import { clientApprovals } from './client-approvals.js'
import { onPath } from './on-path.js'
import {
  approvalOf,
  flawOf,
  permitting,
  requestApprovals,
  type Asked,
  type RequestApprovals,
} from './request-approvals.js'
import type { Session } from './sessions.js'
import type { Trace } from './trace.js'

/**
 * By which recorded policy, and by whose approval where a source shows one. A recorded policy is no approval, and an approval is known
 * to be of this run as far as the path to the run is known.
 */
export function rightOf(
  evidence: Evidence,
  fact: Activity,
  traced: Trace,
  { session, state: pathState, actor }: Standing,
): RightAspect {
  const policies = textsOf(fact, 'grantedBy')
  const isOnPath = onPath(evidence, fact, traced, actor)
  const asked = { at: fact.occurredAt, path: [fact, ...traced.passed], isOnPath }
  const requested = both(requestApprovals(evidence, traced, asked, pathState), clientApprovals(evidence, traced, isOnPath)) // prettier-ignore
  const ofRun = session === undefined ? [] : approvalsOf(evidence, session, pathState, { ...asked, at: timeAtRun(evidence, fact, traced) }) // prettier-ignore
  const approvals = [...ofRun, ...requested.approvals]
  const proof = [...new Set([...fact.positions, ...approvals.flatMap((approval) => approval.evidence)])].sort(
    (a, b) => a - b,
  )
  const said = { policies, approvals, evidence: proof }
  if (policies.length > 0) return { state: unlessDisputed('proven', fact, 'grantedBy', 'outcome'), ...said }
  if (requested.state !== undefined) return { state: requested.state, ...said }
  if (ofRun.some(({ permits }) => permits)) return { state: pathState, ...said }
  const reason = refusalOf(fact)
  return { state: 'missing', ...(reason === undefined ? {} : { reason }), ...said }
}

/** What the walk says of the path and of who is on it. */
interface Standing {
  readonly session: Session | undefined
  readonly state: LinkState
  readonly actor: ActorAspect
}

/** A use at a moment of the clock that tells of its run. */
function timeAtRun(evidence: Evidence, { occurredAt }: Activity, { terminal }: Trace): Instant {
  return terminal.kind === 'upstream' ? evidence.timeAtIssuer(terminal.login, occurredAt) : occurredAt
}

function both(first: RequestApprovals, second: RequestApprovals): RequestApprovals {
  return { approvals: [...first.approvals, ...second.approvals], state: first.state ?? second.state }
}

/** Undefined: a policy was asked and allowed nothing. */
function refusalOf(fact: Activity): MissingReason | undefined {
  if (fact.attributes.refusedAsDead === true) return 'refused: nobody was authenticated'
  return fact.outcome === 'denied' ? undefined : 'not recorded by that source'
}

/** The run whose approval covers a session: an attempt's, or itself where no attempt is recorded. */
export function runOf(session: Key): Key | undefined {
  if (namespaceOf(session) === 'ci-run') return session
  if (namespaceOf(session) !== 'ci-attempt') return undefined
  const [run] = valueOf(session).split('/')
  return run === undefined ? undefined : makeKey('ci-run', scopeOf(session), run)
}

/** Deployments that a job carries out: where environments are protected, it is they that are approved. */
export function deploymentsOf(evidence: Evidence, session: Key): Key[] {
  const facts = evidence.factsBy(session, 'presents')
  return [...new Set(facts.flatMap((fact) => keysOf(fact, 'deployment')))].sort()
}

/** Decisions on the run, and on each deployment that it carries out. */
function approvalsOf(evidence: Evidence, { key }: Session, state: LinkState, asked: Asked): Approval[] {
  const run = runOf(key)
  const covering = [...(run === undefined ? [] : [run]), ...deploymentsOf(evidence, key)]
  const decisions = covering.map((each) =>
    evidence.factsBy(each, 'presents').filter((fact) => fact.kind === 'approval-observed'),
  )
  const standing = decisions.map((facts) => permitting(facts, asked, evidence.settings.skewMaxMs))
  const worthOf = (fact: Activity) => ({
    permits: standing.includes(fact),
    flaw: flawOf(fact, decisions.find((facts) => facts.includes(fact)) ?? [], asked),
  })
  return [...new Set(decisions.flat())].map((fact) => approvalOf(fact, state, worthOf(fact)))
}

/** What the request yielded. What was done with it at the target is known only where the target's own records say so. */
export function effectOf(fact: Activity, content?: ContentAspect, obtained?: Activity): EffectAspect {
  const effect = undisputedEffect(fact)
  const state = unlessDisputed(effect.state, fact, 'outcome', 'version', 'target')
  if (content === undefined || fact.outcome !== 'succeeded') return { ...effect, state }
  return { ...effect, state: atMost(state, content.state), yielded: unwrappedOf(content, obtained), evidence: content.evidence }
} // prettier-ignore

/** What was wrapped, where that is known. */
function unwrappedOf({ targets, isCut }: ContentAspect, obtained: Activity | undefined): string {
  const known = obtained === undefined ? undefined : yieldOf(obtained)
  if (known !== undefined) return `${known}, which had been wrapped`
  const names = targets.map(({ containerName = '', path }) => `${containerName}${path}`)
  const all = isCut === true && names.length > 0 ? [...names, 'another'] : names
  return ['the content of a wrapped response', ...(all.length < 2 ? [] : [all.join(' or ')])].join(': ')
}

function undisputedEffect(fact: Activity): EffectAspect {
  if (fact.outcome === 'denied' || fact.outcome === 'failed') {
    const possible = isDisputed(fact, 'outcome') ? yieldOf(fact) : undefined
    const other = possible === undefined ? '' : `; by another observer perhaps ${possible}`
    return { state: 'proven', yielded: `nothing: ${fact.outcome}${other}`, evidence: fact.positions }
  }
  if (fact.outcome === 'unknown') return { state: 'missing', reason: 'gap in the source', evidence: fact.positions }
  const yielded = yieldOf(fact)
  if (yielded === undefined)
    return { state: 'missing', reason: 'nothing recorded at the target', evidence: fact.positions }
  return { state: 'proven', yielded, evidence: fact.positions }
}

function yieldOf(fact: Activity): string | undefined {
  if (groupOf(fact, 'wrapping') !== undefined) return 'a wrapped response: whoever unwraps it obtains the content'
  if (fact.kind === 'lease-issued') return `lease ${clearLease(fact) ?? ''}`.trim()
  if (groupOf(fact, 'opened-session') !== undefined)
    return 'a session on the target; the credential itself stays where it is'
  if (groupOf(fact, 'issued') !== undefined)
    return `a token (${textOf(fact, 'issuedTokenType') ?? textOf(fact, 'tokenType') ?? 'service'})`
  if (fact.kind === 'response-unwrapped') return 'the content of a wrapped response'
  if (isSecretRead(fact.kind))
    return typeof fact.attributes.version === 'number' ? `version ${fact.attributes.version}` : 'the secret'
  if (fact.kind === 'key-used') return 'a result of the key; the key itself stays in the vault'
  return undefined
}

function clearLease(fact: Activity): string | undefined {
  return groupOf(fact, 'lease')
    ?.forms.map((form) => valueOf(form.key))
    .find((value) => !value.startsWith('hmac'))
}
