import { formatInstant, namespaceOf, type Activity, type Key } from '@catena/domain'
import { positionsOf, type ChainFinding, type EndAspect } from './chain.js'
import { describedPerson, entryAt } from './directory.js'
import { disputesOf } from './disputes.js'
import { groupOf, issuerOf, keyOf, keysOf, type Evidence } from './evidence.js'
import { isFederated, textOf, textsOf } from './lives.js'
import { personsNamed } from './people.js'
import { hasEnded, sessionPersons, type Session } from './sessions.js'
import { isBeyond } from './skew.js'
import type { Trace } from './trace.js'

/** What the records of one chain contradict or give away. */
export function findingsOf(
  evidence: Evidence,
  fact: Activity,
  traced: Trace,
  callerEnd: EndAspect | undefined,
): ChainFinding[] {
  const found = [
    ...ofFact(fact),
    ...traced.passed.flatMap((one) => ofObservers(one, `what it came through (${one.type})`)),
    ...ofUse(fact, callerEnd),
    ...ofAgents([fact, ...traced.passed]),
  ]
  const { terminal } = traced
  if (terminal.kind === 'contested' && traced.byAccount !== true) found.push(ofMakers(traced))
  if (terminal.kind !== 'upstream') return found
  if (terminal.upstream.disagree) {
    const establishers = terminal.upstream.sessions.flatMap((session) => session.establishers)
    found.push({
      kind: 'establishers disagree',
      words: terminal.upstream.link.words,
      evidence: positionsOf(establishers),
    })
  }
  return [
    ...found,
    ...ofClocks(evidence, terminal.login),
    ...ofClaims(evidence, terminal.login, terminal.upstream.sessions),
    ...ofDeletedPerson(evidence, terminal.login),
    ...ofSession(evidence, fact, terminal.login, terminal.upstream.sessions),
  ]
}

/** Calls that left their trust boundary without a person's yes, and people's authority used with nobody there. */
function ofAgents(facts: readonly Activity[]): ChainFinding[] {
  return facts.flatMap((fact) => [
    ...(fact.attributes.unconfirmedCrossing === true ? [ofCrossing(fact)] : []),
    ...(textOf(fact, 'mode') === 'autonomous' && isFederated(fact) && namesPerson(fact) ? [ofAutonomy(fact)] : []),
    ...(fact.attributes.actorMismatch === true ? [ofMismatch(fact)] : []),
  ])
}

function ofCrossing(fact: Activity): ChainFinding {
  const [tool, from, to, said] = ['tool', 'boundaryFrom', 'boundaryTo', 'confirmation'].map((name) =>
    textOf(fact, name),
  )
  const words = `${tool ?? 'a privileged call'} went from ${from ?? '?'} to ${to ?? '?'} without a person's confirmation (${said ?? 'not recorded'})`
  return { kind: 'unconfirmed crossing', words, evidence: fact.positions }
}

function namesPerson(login: Activity): boolean {
  return ['federated-person', 'federated-session', 'federated-email', 'federated-name'].some(
    (role) => groupOf(login, role) !== undefined,
  )
}

function ofAutonomy(login: Activity): ChainFinding {
  const words = `${textOf(login, 'displayName') ?? 'an agent'} acted with a person's authority and nobody attending`
  return { kind: 'human account used autonomously', words, evidence: login.positions }
}

function ofMismatch(login: Activity): ChainFinding {
  const [named] = textsOf(login, 'actChain')
  const words = `the delegated token names ${named ?? 'nobody'} as its actor, the session ${textOf(login, 'agentId') ?? 'nobody'}`
  return { kind: 'minted and standing keys contradict', words, evidence: login.positions }
}

function ofMakers({ links }: Trace): ChainFinding {
  const link = links.findLast((other) => other.state === 'ambiguous')
  return { kind: 'establishers disagree', words: link?.words ?? '', evidence: link?.evidence ?? [] }
}

/** A session that was over when it was presented, or a token that was used after the session behind it was over. */
function ofSession(evidence: Evidence, fact: Activity, login: Activity, sessions: readonly Session[]): ChainFinding[] {
  const [session] = sessions
  if (session === undefined || sessions.length > 1 || !hasEnded(evidence, login, session, fact.occurredAt)) return []
  const isLate = !hasEnded(evidence, login, session, login.occurredAt)
  const words = isLate
    ? `${session.key} was over when a token that came from it was used`
    : `${session.key} was over when a login presented it`
  return [
    { kind: isLate ? 'late use' : 'used after end', words, evidence: positionsOf([fact, login, ...session.enders]) },
  ]
}

function ofObservers(fact: Activity, called: string): ChainFinding[] {
  const disputes = disputesOf(fact)
  if (disputes.length === 0) return []
  const words = `observers of ${called} disagree on ${disputes.join(', ')}`
  return [{ kind: 'observers disagree', words, evidence: fact.positions }]
}

function ofFact(fact: Activity): ChainFinding[] {
  const found = ofObservers(fact, 'this request')
  if (fact.kind === 'response-unwrapped' && fact.outcome === 'denied') {
    found.push({
      kind: 'failed unwrap',
      words: 'a wrapping token was refused: it was spent, expired or never existed',
      evidence: fact.positions,
    })
  }
  return found
}

function ofUse(fact: Activity, end: EndAspect | undefined): ChainFinding[] {
  if (fact.attributes.refusedAsDead === true) {
    return [{ kind: 'used after end', words: 'a dead token was presented and refused', evidence: fact.positions }]
  }
  if (end?.at === undefined || end.state !== 'proven' || fact.occurredAt <= end.at) return []
  const words = `the token ended at ${formatInstant(end.at)} and was used at ${formatInstant(fact.occurredAt)}`
  return [{ kind: 'used after end', words, evidence: [...fact.positions, ...end.evidence] }]
}

function ofClocks(evidence: Evidence, login: Activity): ChainFinding[] {
  const skew = evidence.skew(login.source, issuerOf(login))
  if (!isBeyond(skew, evidence.settings.skewMaxMs)) return []
  const words = `the clocks of ${login.source} and ${issuerOf(login)} differ by ${Math.round(skew.low)} to ${Math.round(skew.high)} ms`
  return [{ kind: 'clock skew', words, evidence: login.positions }]
}

/** The minted key decides; what the standing keys of the same login say otherwise is worth a look. */
function ofClaims(evidence: Evidence, login: Activity, sessions: readonly Session[]): ChainFinding[] {
  const [session] = sessions
  const minted = keyOf(login, 'federated-session') ?? keyOf(login, 'federated-attempt')
  if (session === undefined || minted === undefined) return []
  const contradicted =
    namespaceOf(minted) === 'idp-session' ? ofPerson(evidence, login, session) : ofRepository(login, session)
  if (contradicted === undefined) return []
  const words = `${minted} belongs to another than ${contradicted}, which the same login presented`
  return [
    { kind: 'minted and standing keys contradict', words, evidence: positionsOf([login, ...session.establishers]) },
  ]
}

function ofPerson(evidence: Evidence, login: Activity, session: Session): Key | undefined {
  const named = personsNamed(evidence, login)
  const bound = sessionPersons(session.establishers)
  return named.length > 0 && bound.length > 0 && !named.some((person) => bound.includes(person.key))
    ? named[0]?.key
    : undefined
}

function ofRepository(login: Activity, session: Session): Key | undefined {
  return ['repository', 'repository-name']
    .map((role) => claimedElsewhere(login, session, role))
    .find((key) => key !== undefined)
}

function claimedElsewhere(login: Activity, session: Session, role: string): Key | undefined {
  const claimed = keyOf(login, `federated-${role}`)
  const bound = session.establishers.flatMap((fact) => keysOf(fact, role))
  return claimed !== undefined && bound.length > 0 && !bound.includes(claimed) ? claimed : undefined
}

/** The vault's entity goes on after the provider deleted the user whose name it was made for. */
function ofDeletedPerson(evidence: Evidence, login: Activity): ChainFinding[] {
  if (groupOf(login, 'entity') === undefined) return []
  const name = keyOf(login, 'federated-email') ?? keyOf(login, 'federated-name')
  if (name === undefined) return []
  const persons = evidence
    .factsBy(name, 'describes')
    .map(describedPerson)
    .filter((key) => key !== undefined)
  const at = evidence.timeAtIssuer(login, login.occurredAt)
  const deleted = [...new Set(persons)]
    .map((person) => entryAt(person, evidence.factsBy(person, 'describes'), at))
    .find((entry) => entry?.deleted === true)
  if (deleted === undefined) return []
  const words = `${deleted.username ?? deleted.person} was deleted by the provider, and the vault's entity still serves logins under the same name`
  return [{ kind: 'identity outlived its user', words, evidence: [...login.positions, ...deleted.evidence] }]
}
