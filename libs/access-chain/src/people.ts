import type { Activity, Instant, Key } from '@catena/domain'
import { describedPerson, entryAt, owns } from './directory.js'
import { keyOf, keysOf, type Evidence } from './evidence.js'
import { effectiveTime } from './lives.js'
import { startSpan } from './windows.js'
import type { LinkState } from './chain.js'

export interface NamedPerson {
  readonly key: Key
  /** Proven by an immutable subject, inferred by a name that can change hands. */
  readonly state: LinkState
  readonly evidence: readonly number[]
}

/** Whom the claims of a federated login name: by subject, else by e-mail and login name. Several: the names do not tell. */
export function personsNamed(evidence: Evidence, login: Activity): NamedPerson[] {
  const subjects = keysOf(login, 'federated-person')
  if (subjects.length > 0) return subjects.map((key) => ({ key, state: 'proven', evidence: login.positions }))
  const [emails, names] = [keysOf(login, 'federated-email'), keysOf(login, 'federated-name')]
  const byEmail = distinct(emails.flatMap((email) => ownersOf(evidence, login, email)))
  const byName = distinct(names.flatMap((name) => ownersOf(evidence, login, name)))
  if (byEmail.length === 0 && byName.length === 0)
    return distinct(names.flatMap((name) => signedInAs(evidence, login, name)))
  if (byEmail.length === 0 || byName.length === 0) return [...byEmail, ...byName]
  if (namesDisputed(login).length > 0) return distinct([...byEmail, ...byName])
  const both = byEmail.filter((person) => byName.some((other) => other.key === person.key))
  return both.length > 0 ? both : [...byEmail, ...byName]
}

/** What observers of one login disagree on of whom it names: by subject, where one is told. */
export function namesDisputed(login: Activity): Key[] {
  const subjects = keysOf(login, 'federated-person')
  const naming = subjects.length > 0 ? [subjects] : ['federated-email', 'federated-name'].map((role) => keysOf(login, role)) // prettier-ignore
  return naming.find((keys) => keys.length > 1) ?? []
}

function distinct(people: readonly NamedPerson[]): NamedPerson[] {
  return [...new Map(people.map((person) => [person.key, person])).values()]
}

/** Whose name it was at the login. Between two clocks that may be two moments: whoever owned it at one of them only is not known to have had it. */
function ownersOf(evidence: Evidence, login: Activity, name: Key): NamedPerson[] {
  const skew = evidence.skewOf(login)
  const [early, late] = [skew.high, skew.low].map((ahead) => ownersAt(evidence, name, login.occurredAt - ahead))
  const owners = new Map([...(early ?? []), ...(late ?? [])].map((person) => [person.key, person]))
  const [key, ...others] = owners.keys()
  const isLasting = [early, late].every((people) => people?.some((person) => person.key === key))
  return others.length === 0 && !isLasting ? [] : [...owners.values()]
}

/** What was stated before that moment beats what is only read back from later: a name has one owner at a time. */
function ownersAt(evidence: Evidence, name: Key, at: Instant): NamedPerson[] {
  const persons = evidence
    .factsBy(name, 'describes')
    .map(describedPerson)
    .filter((key) => key !== undefined)
  const entries = [...new Set(persons)]
    .sort()
    .map((person) => entryAt(person, evidence.factsBy(person, 'describes'), at))
    .filter((entry) => entry !== undefined)
    .filter((entry) => owns(entry, name))
  const stated = entries.filter((entry) => !entry.readBack)
  return (stated.length > 0 ? stated : entries).map(({ person, evidence: proof }) => inferred(person, proof))
}

/** Whoever stands in no directory any more signed in under the name while it was his. */
function signedInAs(evidence: Evidence, login: Activity, name: Key): NamedPerson[] {
  const { from, to } = startSpan(evidence, login)
  const persons = new Map<Key, NamedPerson>()
  for (const fact of evidence.factsBy(name, 'binds')) {
    const person = keyOf(fact, 'person')
    const at = effectiveTime(fact, 'binds')
    if (person !== undefined && at >= from && at <= to) persons.set(person, inferred(person, fact.positions))
  }
  return [...persons.values()]
}

function inferred(key: Key, evidence: readonly number[]): NamedPerson {
  return { key, state: 'inferred', evidence }
}
