import { namespaceOf, type Activity } from '@catena/domain'
import type { Caveat, LinkState, Principal } from './chain.js'
import { entryAt } from './directory.js'
import type { Evidence } from './evidence.js'
import { textOf } from './lives.js'
import { hasEnded, ownSessionsOf, sessionOf } from './sessions.js'
import type { Trace } from './trace.js'

/**
 * What makes it doubtful that the holder at the login is still the holder at the use. Ends are compared after the clocks' difference
 * and the stamps' resolution.
 */
export function custodyCaveats(
  evidence: Evidence,
  fact: Activity,
  { terminal, login, between = [] }: Trace,
  { state, principal }: { readonly state: LinkState; readonly principal: Principal },
): Caveat[] {
  if (terminal.kind !== 'upstream' || login === undefined) return []
  const caveats: Caveat[] = []
  if (fact.attributes.refusedAsDead === true) caveats.push('used after end')
  const { sessions } = terminal.upstream
  // A candidate that most likely was over at the login already is not the one that ended since.
  const alive = sessions.filter((session) => !hasEnded(evidence, terminal.login, session, login.occurredAt))
  const held = alive.length > 0 ? alive : sessions
  const ended = held.filter((session) => hasEnded(evidence, terminal.login, session, fact.occurredAt))
  // Of several that it may have been, one that ended keeps the actor from being proven.
  if (ended.length > 0 && (state === 'proven' || ended.length === held.length)) {
    const isPerson = ended.some((session) => namespaceOf(session.key) === 'idp-session')
    caveats.push(isPerson ? 'custody: session ended' : 'custody: attempt ended')
  }
  const isOverBetween = between.some(({ login: through, upstream }) =>
    upstream.sessions.some((session) => hasEnded(evidence, through, session, fact.occurredAt)),
  )
  if (isOverBetween) caveats.push('custody: session ended')
  caveats.push(...accountCaveats(evidence, fact, login, principal), ...tokenCaveats(evidence, fact, login))
  return [...new Set(caveats)]
}

/** The token was used after the session that is its own was over, elsewhere than its holder logged in, or long after. */
export function tokenCaveats(evidence: Evidence, fact: Activity, login: Activity): Caveat[] {
  const caveats: Caveat[] = []
  if (isOwnSessionOver(evidence, fact, login)) caveats.push('custody: session ended')
  const [from, to] = [textOf(login, 'address'), textOf(fact, 'address')]
  if (from !== undefined && to !== undefined && from !== to) caveats.push('custody: address differs')
  const bound = evidence.settings.custodyMaxMs
  if (bound !== undefined && fact.occurredAt - login.occurredAt > bound)
    caveats.push('custody: token outlived its bound')
  return caveats
}

/** Of a system that opens a session for a login: was that over by the use? */
function isOwnSessionOver(evidence: Evidence, fact: Activity, login: Activity): boolean {
  return ownSessionsOf(login).some((key) => {
    const end = sessionOf(evidence, key)?.endsAt
    return end !== undefined && fact.occurredAt > end
  })
}

/** The person's account was closed or removed before the use. The login tells whose clock its directory keeps. */
export function accountCaveats(evidence: Evidence, fact: Activity, login: Activity, principal: Principal): Caveat[] {
  if (principal.kind !== 'person') return []
  const at = evidence.timeAtIssuer(login, fact.occurredAt)
  const entry = entryAt(principal.key, evidence.factsBy(principal.key, 'describes'), at)
  if (entry?.deleted === true) return ['custody: account deleted']
  return entry?.enabled === false ? ['custody: account disabled'] : []
}
