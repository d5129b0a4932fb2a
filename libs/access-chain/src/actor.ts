import { valueOf, type Activity, type Key } from '@catena/domain'
import {
  positionsOf,
  type ActorAspect,
  type Caveat,
  type MissingReason,
  type PathAspect,
  type Principal,
} from './chain.js'
import { custodyCaveats } from './custody.js'
import { entryAt } from './directory.js'
import { groupOf, keyOf, type Evidence } from './evidence.js'
import { textOf } from './lives.js'
import type { Trace } from './path.js'
import { personsNamed, sessionOf, sessionPersons, type NamedPerson, type Session } from './sessions.js'
import { upstreamOf } from './upstream.js'

/** Who held the authority at that moment. */
export function actorOf(evidence: Evidence, fact: Activity, traced: Trace, path: PathAspect): ActorAspect {
  if (traced.handedOver) return handedOver(evidence, traced)
  const terminal = traced.terminal
  if (terminal.kind === 'root') return missing('shared identity', terminal.fact.positions, { shared: 'root' })
  if (terminal.kind === 'account') return accountActor(evidence, fact, terminal.login)
  if (terminal.kind === 'none') return missing(path.reason ?? terminal.reason, fact.positions)
  const shared = textOf(terminal.login, 'sharedIdentity')
  if (shared !== undefined) return missing('shared identity', terminal.login.positions, { shared })
  return aged(evidence, fact, traced, federatedActor(evidence, terminal.login, terminal.upstream.sessions, path))
}

function handedOver(evidence: Evidence, traced: Trace): ActorAspect {
  const terminal = traced.terminal
  const giver =
    terminal.kind === 'upstream'
      ? federatedActor(evidence, terminal.login, terminal.upstream.sessions, undefined)
      : undefined
  const authority = giver?.kind === 'attributed' ? giver.principal : undefined
  const links = traced.links.flatMap((link) => link.evidence)
  return missing('bearer handed over', [...new Set(links)], authority === undefined ? {} : { authority })
}

function accountActor(evidence: Evidence, fact: Activity, login: Activity): ActorAspect {
  const shared = textOf(login, 'sharedIdentity')
  if (shared !== undefined) return missing('shared identity', login.positions, { shared })
  const joined = joinedByEntity(evidence, login)
  if (joined === undefined) return missing('identity not joined', login.positions)
  const principal = personPrincipal(evidence, joined.key, login)
  const caveats: Caveat[] = [
    "operator's join",
    ...(fact.attributes.refusedAsDead === true ? (['used after end'] as const) : []),
  ]
  return {
    kind: 'attributed',
    state: 'inferred',
    principal,
    caveats,
    evidence: [...login.positions, ...joined.evidence],
  }
}

/** Accounts under one recorded entity are an operator's join; it names a person only if every federated login of the entity does. */
function joinedByEntity(evidence: Evidence, login: Activity): NamedPerson | undefined {
  const entity = keyOf(login, 'entity')
  if (entity === undefined) return undefined
  const federated = evidence.factsBy(entity, 'binds').filter((other) => other.attributes.origin === 'federated')
  const persons = federated.map((other) => soleperson(evidence, other))
  const [first] = persons
  if (first === undefined || persons.some((person) => person?.key !== first.key)) return undefined
  return exists(evidence, first.key, login) ? { ...first, evidence: positionsOf(federated) } : undefined
}

function soleperson(evidence: Evidence, login: Activity): NamedPerson | undefined {
  const session = keyOf(login, 'federated-session')
  const persons = session === undefined ? [] : sessionPersons(sessionOf(evidence, session)?.establishers ?? [])
  if (persons.length === 1 && persons[0] !== undefined)
    return { key: persons[0], state: 'proven', evidence: login.positions }
  const named = personsNamed(evidence, login)
  return named.length === 1 ? named[0] : undefined
}

function exists(evidence: Evidence, person: Key, login: Activity): boolean {
  const entry = entryAt(person, evidence.factsBy(person, 'describes'), login.occurredAt)
  return entry?.deleted !== true
}

function federatedActor(
  evidence: Evidence,
  login: Activity,
  sessions: readonly Session[],
  path: PathAspect | undefined,
): ActorAspect {
  const workload = ['federated-attempt', 'federated-run', 'federated-repository', 'federated-repository-name'].some(
    (role) => groupOf(login, role) !== undefined,
  )
  const upstream = upstreamOf(evidence, login)
  const state = upstream.link.state
  const reason = upstream.link.reason ?? path?.reason ?? 'not recorded by that source'
  if (workload) return workloadActor(evidence, login, sessions, state, reason)
  return personActor(evidence, login, sessions, state, reason)
}

function workloadActor(
  evidence: Evidence,
  login: Activity,
  sessions: readonly Session[],
  state: string,
  reason: MissingReason,
): ActorAspect {
  const principals = sessions.map((session) => workloadPrincipal(session))
  const proof = [...login.positions, ...sessions.flatMap((session) => positionsOf(session.establishers))]
  return conclude(principals, state === 'proven' ? 'proven' : 'inferred', state === 'ambiguous', proof, reason)
}

function workloadPrincipal(session: Session): Principal {
  const [first] = session.establishers
  const repository = first === undefined ? undefined : textOf(first, 'repositoryName')
  return {
    key: session.key,
    kind: 'workload',
    name: `${repository === undefined ? '' : `${repository} `}run ${valueOf(session.key)}`,
  }
}

/** A person by the session's own binding, else by what the login's claims say; a name that can change hands is at most an inference. */
function personActor(
  evidence: Evidence,
  login: Activity,
  sessions: readonly Session[],
  state: string,
  reason: MissingReason,
): ActorAspect {
  if (sessions.length === 1 && sessions[0]?.impersonated === true) return missing('bearer handed over', login.positions)
  const bound = [...new Set(sessions.flatMap((session) => sessionPersons(session.establishers)))].sort()
  const proof = [...login.positions, ...sessions.flatMap((session) => positionsOf(session.establishers))]
  if (state === 'proven' && bound.length === 1)
    return conclude(
      bound.map((key) => personPrincipal(evidence, key, login)),
      'proven',
      false,
      proof,
      reason,
    )
  if (state === 'ambiguous' && keyOf(login, 'federated-session') !== undefined) {
    return conclude(
      bound.map((key) => personPrincipal(evidence, key, login)),
      'inferred',
      bound.length > 1,
      proof,
      reason,
    )
  }
  const named = personsNamed(evidence, login)
  const strength = named.length === 1 && named[0]?.state === 'proven' ? 'proven' : 'inferred'
  const principals = named.map((person) => personPrincipal(evidence, person.key, login))
  return conclude(
    principals,
    strength,
    principals.length > 1,
    [...proof, ...named.flatMap((person) => person.evidence)],
    reason,
  )
}

function conclude(
  principals: readonly Principal[],
  state: 'proven' | 'inferred',
  ambiguous: boolean,
  proof: readonly number[],
  reason: MissingReason,
): ActorAspect {
  const evidence = [...new Set(proof)].sort((a, b) => a - b)
  const [principal] = principals
  if (principal === undefined) return missing(reason, evidence)
  if (ambiguous) return { kind: 'ambiguous', state: 'ambiguous', candidates: principals, caveats: [], evidence }
  return { kind: 'attributed', state, principal, caveats: [], evidence }
}

/** Custody ages: what was proven at the login may no longer be at the use. */
function aged(evidence: Evidence, fact: Activity, traced: Trace, actor: ActorAspect): ActorAspect {
  if (actor.kind !== 'attributed') return actor
  const caveats = custodyCaveats(evidence, fact, traced, actor.principal)
  if (caveats.length === 0) return actor
  return { ...actor, state: 'inferred', caveats }
}

export function personPrincipal(evidence: Evidence, person: Key, login: Activity): Principal {
  const entry = entryAt(person, evidence.factsBy(person, 'describes'), login.occurredAt)
  const known = evidence
    .factsBy(person, 'describes')
    .map((fact) => textOf(fact, 'username'))
    .find((name) => name !== undefined)
  return {
    key: person,
    kind: 'person',
    name: entry?.username ?? known ?? sessionName(evidence, person, login) ?? valueOf(person),
  }
}

function sessionName(evidence: Evidence, person: Key, login: Activity): string | undefined {
  const session = keyOf(login, 'federated-session')
  if (session === undefined) return undefined
  const establishers = evidence.factsBy(session, 'establishes').filter((fact) => keyOf(fact, 'person') === person)
  return establishers.map((fact) => textOf(fact, 'username')).find((name) => name !== undefined)
}

function missing(
  reason: MissingReason,
  evidence: readonly number[],
  more: { shared?: string; authority?: Principal } = {},
): ActorAspect {
  return { kind: 'missing', state: 'missing', reason, ...more, caveats: [], evidence }
}
