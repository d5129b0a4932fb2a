import { namespaceOf, type Activity } from '@catena/domain'
import type { Caveat, Principal } from './chain.js'
import { entryAt } from './directory.js'
import type { Evidence } from './evidence.js'
import { issuerOf } from './gather.js'
import { textOf } from './lives.js'
import type { Trace } from './path.js'
import type { Session } from './sessions.js'

/**
 * What makes it doubtful that the holder at the login is still the holder at the use. Ends are compared after the clocks' difference
 * and the stamps' resolution.
 */
export function custodyCaveats(evidence: Evidence, fact: Activity, traced: Trace, principal: Principal): Caveat[] {
  const { terminal, login } = traced
  if (terminal.kind !== 'upstream' || login === undefined) return []
  const caveats: Caveat[] = []
  if (fact.attributes.refusedAsDead === true) caveats.push('used after end')
  const [session] = terminal.upstream.sessions
  if (session !== undefined && terminal.upstream.sessions.length === 1 && endedBefore(evidence, fact, login, session)) {
    caveats.push(namespaceOf(session.key) === 'idp-session' ? 'custody: session ended' : 'custody: attempt ended')
  }
  caveats.push(...accountCaveats(evidence, fact, principal))
  const [from, to] = [textOf(login, 'address'), textOf(fact, 'address')]
  if (fact.factId !== login.factId && from !== undefined && to !== undefined && from !== to)
    caveats.push('custody: address differs')
  const bound = evidence.settings.custodyMaxMs
  if (bound !== undefined && fact.occurredAt - login.occurredAt > bound)
    caveats.push('custody: token outlived its bound')
  return caveats
}

function endedBefore(evidence: Evidence, fact: Activity, login: Activity, session: Session): boolean {
  if (session.endsAt === undefined) return false
  return fact.occurredAt > session.endsAt + evidence.skew(login.source, issuerOf(login)).high
}

function accountCaveats(evidence: Evidence, fact: Activity, principal: Principal): Caveat[] {
  if (principal.kind !== 'person') return []
  const entry = entryAt(principal.key, evidence.factsBy(principal.key, 'describes'), fact.occurredAt)
  if (entry?.deleted === true) return ['custody: account deleted']
  return entry?.enabled === false ? ['custody: account disabled'] : []
}
