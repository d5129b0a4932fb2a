import {
  definitionOf,
  makeKey,
  namespaceOf,
  NAMESPACES,
  scopeOf,
  type Activity,
  type Instant,
  type Key,
  type Namespace,
} from '@catena/domain'
import { isMakingDisputed } from './disputes.js'
import { groupOf, issuerOf, keysOf, type Evidence } from './evidence.js'
import { endOf, numberOf, startOf } from './lives.js'

/** A session or run attempt: one thing, however many facts establish it. */
export interface Session {
  readonly key: Key
  readonly startsAt: Instant
  /** Latest moment of its recorded end, resolution included; undefined: no end seen. */
  readonly endsAt: Instant | undefined
  readonly establishers: readonly Activity[]
  readonly enders: readonly Activity[]
  /** Establishers name several where they must agree on one person or repository, or observers of all of them tell of another session, too. */
  readonly disagree: boolean
  /** Somebody else than its owner was given the session. */
  readonly impersonated: boolean
}

export function sessionOf(evidence: Evidence, key: Key): Session | undefined {
  return evidence.once(`session ${key}`, () => sessionBy(evidence, key))
}

function sessionBy(evidence: Evidence, key: Key): Session | undefined {
  const establishers = evidence
    .factsBy(key, 'establishes')
    .filter((fact) => fact.outcome !== 'denied' && fact.outcome !== 'failed')
  const startsAt = startOf(establishers)
  if (startsAt === undefined) return undefined
  // An administrator may end all sessions of a person, or of the issuer, at once.
  const ownerEnds = [...sessionPersons(establishers), allSessions(scopeOf(key))]
    .flatMap((owner) => evidence.factsBy(owner, 'ends'))
    .filter((end) => (numberOf(end, 'sessionsBefore') ?? end.occurredAt) >= startsAt)
  const enders = [...evidence.factsBy(key, 'ends'), ...ownerEnds].filter((end) => end.outcome === 'succeeded')
  return {
    key,
    startsAt,
    endsAt: endOf(enders),
    establishers,
    enders,
    disagree: isContested(key, establishers) || establishers.every(isMakingDisputed),
    impersonated: establishers.some(isImpersonation),
  }
}

/** The key by which an issuer ends every session that it holds. */
export function allSessions(issuer: string): Key {
  return makeKey('idp-sessions', issuer, 'all')
}

function isImpersonation(fact: Activity): boolean {
  return groupOf(fact, 'session')?.by === 'handover'
}

/** Per namespace, because a name and an id of one thing differ as keys. */
function isContested(key: Key, establishers: readonly Activity[]): boolean {
  const [ids, names] = partition((definitionOf(key).agreesOn ?? []) as readonly Namespace[])
  const bindings = establishers.map(boundBy)
  return (
    ids.some((namespace) => distinct(bindings, namespace) > 1) || names.some((name) => differs(bindings, name, ids))
  )
}

/** A thing can be renamed while its run goes on: records that state its immutable id beside a name disagree on nothing. */
function differs(bindings: readonly Key[][], namespace: Namespace, ids: readonly Namespace[]): boolean {
  const isIdentified = (keys: readonly Key[]): boolean => keys.some((key) => ids.includes(namespaceOf(key)))
  const bare = bindings.filter((keys) => !isIdentified(keys))
  if (bare.length === bindings.length) return distinct(bare, namespace) > 1
  const known = new Set(bindings.filter(isIdentified).flat())
  return bare.flat().some((key) => namespaceOf(key) === namespace && !known.has(key))
}

function partition(namespaces: readonly Namespace[]): [immutable: Namespace[], mutable: Namespace[]] {
  const isMutable = (namespace: Namespace): boolean => 'mutable' in NAMESPACES[namespace]
  return [namespaces.filter((namespace) => !isMutable(namespace)), namespaces.filter(isMutable)]
}

function boundBy({ groups }: Activity): Key[] {
  return groups.filter(({ verb }) => verb === 'binds').flatMap(({ forms }) => forms.map((form) => form.key))
}

function distinct(bindings: readonly Key[][], namespace: Namespace): number {
  return new Set(bindings.flat().filter((key) => namespaceOf(key) === namespace)).size
}

export function sessionPersons(establishers: readonly Activity[]): Key[] {
  return [...new Set(establishers.flatMap((fact) => keysOf(fact, 'person')))].sort()
}

/** Sessions that a sign-in, or a login to another system, established. */
export function sessionKeysOf(fact: Activity): Key[] {
  return [...keysOf(fact, 'session'), ...ownSessionsOf(fact)]
}

/** The session of its own system that a login opened. */
export function ownSessionsOf(login: Activity): Key[] {
  return keysOf(login, 'issued').filter((key) => namespaceOf(key) === 'system-session')
}

export function attemptsOf(facts: readonly Activity[]): Key[] {
  return [...new Set(facts.flatMap((fact) => keysOf(fact, 'attempt')))].sort()
}

/** Was the session that a login came through over at a moment of the presenter's clock? */
export function hasEnded(evidence: Evidence, login: Activity, session: Session, at: Instant): boolean {
  const end = session.endsAt ?? declaredEnd(login, session)
  return end !== undefined && at > end + evidence.skew(login.source, issuerOf(login)).best
}

function declaredEnd(login: Activity, session: Session): Instant | undefined {
  const declared = namespaceOf(session.key) === 'idp-session' ? numberOf(login, 'sessionMaxMs') : undefined
  return declared === undefined ? undefined : session.startsAt + declared
}
