import type { Activity, Instant } from '@catena/domain'
import { actorOf } from './actor.js'
import type { Chain, SystemIdentity } from './chain.js'
import { endOfCaller, endOfYield } from './end.js'
import { Evidence, type WalkSettings } from './evidence.js'
import type { FactIndex } from './fact-index.js'
import { findingsOf } from './findings.js'
import { gather } from './gather.js'
import { textOf, textsOf } from './lives.js'
import { federatedLogins, pathOf, sessionsOf } from './path.js'
import { effectOf, rightOf } from './right.js'
import type { Session } from './sessions.js'
import { behalfOf, sidewaysOf } from './sideways.js'
import { trace, type Trace } from './trace.js'
import { contentOf, obtainedBy, withContent } from './unwrapped.js'

/** The chain of each fact, in the order given: one set of look-ups per hop for the whole page. Reads only. */
export async function walk(index: FactIndex, facts: readonly Activity[], settings: WalkSettings): Promise<Chain[]> {
  return (await walkSettled(index, facts, settings)).map(({ chain }) => chain)
}

export interface SettledChain {
  readonly chain: Chain
  /** As of this time and any later one the chain is the same, unless clocks or coverage are judged otherwise, or a change of the slot ends it. */
  readonly settledAt: Instant
}

/** The same, each with the moment from which on it is so. */
export async function walkSettled(
  index: FactIndex,
  facts: readonly Activity[],
  settings: WalkSettings,
): Promise<SettledChain[]> {
  const evidence = new Evidence(index, settings)
  await gather(evidence, facts)
  return facts.map((fact) => {
    const { made, latest } = evidence.noting(() => chainOf(evidence, fact))
    return { chain: made, settledAt: Math.max(fact.occurredAt, latest) }
  })
}

function chainOf(evidence: Evidence, request: Activity): Chain {
  const content = contentOf(evidence, request)
  const obtained = obtainedBy(evidence, request)
  const fact = withContent(request, content, obtained)
  const traced = trace(evidence, fact)
  const path = pathOf(traced)
  // What is said of one session is said of none that is only a candidate.
  const [session] = path.through === undefined ? [] : sessionsOf(traced.terminal)
  const callerEnd = endOfCaller(evidence, fact)
  const actor = actorOf(evidence, fact, traced)
  return {
    fact,
    path,
    logins: federatedLogins(fact, traced),
    actor,
    identity: identityOf(fact, traced, session),
    right: rightOf(evidence, fact, traced, { session, state: path.state, actor }),
    effect: effectOf(fact, content, obtained),
    ...(content === undefined ? {} : { content }),
    end: endOfYield(evidence, fact),
    ...(callerEnd === undefined ? {} : { callerEnd }),
    sideways: [...sidewaysOf(evidence, fact, session), ...behalfOf(evidence, traced)],
    findings: findingsOf(evidence, fact, traced, callerEnd),
  }
}

/** The identity as the recording system wrote it: on the request itself, else on the login that a dead token leads to. */
function identityOf(fact: Activity, traced: Trace, session: Session | undefined): SystemIdentity | undefined {
  const login = traced.begun ?? ('login' in traced.terminal ? traced.terminal.login : undefined)
  const source = textOf(fact, 'displayName') === undefined && login !== undefined ? login : fact
  const identity = {
    system: fact.source,
    ...text('displayName', textOf(source, 'displayName')),
    ...text('entityId', textOf(source, 'entityId')),
    ...text('account', login === undefined ? undefined : textOf(login, 'accountName')),
    ...text('method', login === undefined ? undefined : textOf(login, 'method')),
    ...text('role', login === undefined ? undefined : textOf(login, 'role')),
    ...strengthOf(session?.establishers ?? []),
  }
  return Object.keys(identity).length > 1 ? identity : undefined
}

/** How the person authenticated, by the first sign-in that tells (R1.13). */
function strengthOf(establishers: readonly Activity[]): Pick<SystemIdentity, 'strength'> {
  const strength = establishers.map(strengthIn).find((each) => Object.keys(each).length > 0)
  return strength === undefined ? {} : { strength }
}

function strengthIn(signIn: Activity): NonNullable<SystemIdentity['strength']> {
  const amr = textsOf(signIn, 'amr')
  return {
    ...text('acr', textOf(signIn, 'acr')),
    ...(amr.length === 0 ? {} : { amr }),
    ...text('secondFactor', textOf(signIn, 'mfa')),
  }
}

function text<K extends string>(name: K, value: string | undefined): { [P in K]?: string } {
  return (value === undefined ? {} : { [name]: value }) as { [P in K]?: string }
}
