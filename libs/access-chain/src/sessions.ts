import { namespaceOf, type Activity, type Instant, type Key } from '@catena/domain'
import { describedPerson, entryAt, owns } from './directory.js'
import { groupOf, keyOf, keysOf, type Evidence } from './evidence.js'
import { endOf, startOf } from './lives.js'
import type { LinkState } from './chain.js'

/** A session or run attempt: one thing, however many facts establish it. */
export interface Session {
  readonly key: Key
  readonly startsAt: Instant
  /** Latest moment of its recorded end, resolution included; undefined: no end seen. */
  readonly endsAt: Instant | undefined
  readonly establishers: readonly Activity[]
  readonly enders: readonly Activity[]
  /** Persons (a session) or repositories (an attempt) on which establishers must agree. */
  readonly owners: readonly Key[]
  /** Somebody else than its owner was given the session. */
  readonly impersonated: boolean
}

const OWNERS = new Set(['person', 'repository'])

export function sessionOf(evidence: Evidence, key: Key): Session | undefined {
  const establishers = evidence
    .factsBy(key, 'establishes')
    .filter((fact) => fact.outcome !== 'denied' && fact.outcome !== 'failed')
  const startsAt = startOf(establishers)
  if (startsAt === undefined) return undefined
  const owners = ownersOf(establishers)
  // An administrator may end all sessions of a person at once.
  const ownerEnds = owners
    .flatMap((owner) => evidence.factsBy(owner, 'ends'))
    .filter((end) => end.occurredAt >= startsAt)
  const enders = [...evidence.factsBy(key, 'ends'), ...ownerEnds].filter((end) => end.outcome === 'succeeded')
  return {
    key,
    startsAt,
    endsAt: endOf(enders),
    establishers,
    enders,
    owners,
    impersonated: establishers.some(isImpersonation),
  }
}

function isImpersonation(fact: Activity): boolean {
  return groupOf(fact, 'session')?.by === 'handover'
}

function ownersOf(establishers: readonly Activity[]): Key[] {
  const bound = establishers
    .flatMap((fact) => fact.groups.filter((group) => group.verb === 'binds'))
    .flatMap((group) => group.forms.map((form) => form.key))
  return [...new Set(bound.filter((key) => OWNERS.has(namespaceOf(key))))].sort()
}

export function sessionPersons(establishers: readonly Activity[]): Key[] {
  return [...new Set(establishers.flatMap((fact) => keysOf(fact, 'person')))]
}

export function attemptsOf(facts: readonly Activity[]): Key[] {
  return [...new Set(facts.flatMap((fact) => keysOf(fact, 'attempt')))].sort()
}

export interface NamedPerson {
  readonly key: Key
  /** Proven by an immutable subject, inferred by a name that can change hands. */
  readonly state: LinkState
  readonly evidence: readonly number[]
}

/** Whom the claims of a federated login name, by subject, else by e-mail, else by login name. Several: the name does not tell. */
export function personsNamed(evidence: Evidence, login: Activity): NamedPerson[] {
  const subject = keyOf(login, 'federated-person')
  if (subject !== undefined) return [{ key: subject, state: 'proven', evidence: login.positions }]
  for (const role of ['federated-email', 'federated-name']) {
    const name = keyOf(login, role)
    if (name !== undefined) return ownersOfName(evidence, name, login.occurredAt)
  }
  return []
}

function ownersOfName(evidence: Evidence, name: Key, at: Instant): NamedPerson[] {
  const persons = new Set(
    evidence
      .factsBy(name, 'describes')
      .map(describedPerson)
      .filter((key) => key !== undefined),
  )
  const owners: NamedPerson[] = []
  for (const person of [...persons].sort()) {
    const entry = entryAt(person, evidence.factsBy(person, 'describes'), at)
    if (entry !== undefined && owns(entry, name))
      owners.push({ key: person, state: 'inferred', evidence: entry.evidence })
  }
  return owners
}
