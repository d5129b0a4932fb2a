import { formatInstant, namespaceOf, type Activity, type Key } from '@catena/domain'
import { positionsOf, type ChainFinding, type EndAspect, type Sideways } from './chain.js'
import { describedPerson, entryAt } from './directory.js'
import { groupOf, keyOf, keysOf, type Evidence } from './evidence.js'
import { issuerOf } from './gather.js'
import { textOf } from './lives.js'
import type { Trace } from './path.js'
import { personsNamed, sessionPersons, type Session } from './sessions.js'
import { isBeyond } from './skew.js'

/** What the records of one chain contradict or give away. */
export function findingsOf(
  evidence: Evidence,
  fact: Activity,
  traced: Trace,
  callerEnd: EndAspect | undefined,
): ChainFinding[] {
  const found = [...ofFact(fact), ...ofUse(fact, callerEnd)]
  const { terminal } = traced
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
  ]
}

function ofFact(fact: Activity): ChainFinding[] {
  const found: ChainFinding[] = []
  if (fact.conflicts.length > 0) {
    found.push({
      kind: 'observers disagree',
      words: `observers of this request disagree on ${fact.conflicts.join(', ')}`,
      evidence: fact.positions,
    })
  }
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
  const deleted = [...new Set(persons)]
    .map((person) => entryAt(person, evidence.factsBy(person, 'describes'), login.occurredAt))
    .find((entry) => entry?.deleted === true)
  if (deleted === undefined) return []
  const words = `${deleted.username ?? deleted.person} was deleted by the provider, and the vault's entity still serves logins under the same name`
  return [{ kind: 'identity outlived its user', words, evidence: [...login.positions, ...deleted.evidence] }]
}

/** Who stands beside the path. */
export function sidewaysOf(evidence: Evidence, fact: Activity, sessions: readonly Session[]): Sideways[] {
  return [...initiators(sessions), ...givers(evidence, fact)]
}

function initiators(sessions: readonly Session[]): Sideways[] {
  if (sessions.length !== 1) return []
  const runs = (sessions[0]?.establishers ?? []).filter((fact) => textOf(fact, 'initiator') !== undefined)
  const [first] = runs
  if (first === undefined) return []
  const key = keyOf(first, 'initiator')
  const name = textOf(first, 'initiator') ?? ''
  return [
    {
      role: 'initiator',
      state: 'proven',
      name,
      ...(key === undefined ? {} : { principal: { key, kind: 'person', name } }),
      evidence: positionsOf(runs),
    },
  ]
}

function givers(evidence: Evidence, fact: Activity): Sideways[] {
  if (fact.kind !== 'response-unwrapped') return []
  const makers = keysOf(fact, 'opened').flatMap((key) => evidence.factsBy(key, 'establishes'))
  return makers.map((maker) => ({
    role: 'giver',
    state: 'proven',
    fact: maker.factId,
    ...giverName(maker),
    evidence: positionsOf([fact, maker]),
  }))
}

function giverName(maker: Activity): { name?: string } {
  const name = textOf(maker, 'displayName')
  return name === undefined ? {} : { name }
}
