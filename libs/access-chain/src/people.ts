import type { Activity, Instant, Key } from '@catena/domain'
import { describedPerson, entryAt, owns } from './directory.js'
import { keyOf, type Evidence } from './evidence.js'
import type { LinkState } from './chain.js'

export interface NamedPerson {
  readonly key: Key
  /** Proven by an immutable subject, inferred by a name that can change hands. */
  readonly state: LinkState
  readonly evidence: readonly number[]
}

/** Whom the claims of a federated login name: by subject, else by e-mail and login name. Several: the names do not tell. */
export function personsNamed(evidence: Evidence, login: Activity): NamedPerson[] {
  const subject = keyOf(login, 'federated-person')
  if (subject !== undefined) return [{ key: subject, state: 'proven', evidence: login.positions }]
  const at = evidence.timeAtIssuer(login, login.occurredAt)
  const [byEmail, byName] = ['federated-email', 'federated-name'].map((role) => {
    const name = keyOf(login, role)
    return name === undefined ? [] : ownersOf(evidence, name, at)
  }) as [NamedPerson[], NamedPerson[]]
  if (byEmail.length === 0 || byName.length === 0) return [...byEmail, ...byName]
  const both = byEmail.filter((person) => byName.some((other) => other.key === person.key))
  return both.length > 0 ? both : [...byEmail, ...byName]
}

/** What was stated before that moment beats what is only read back from later: a name has one owner at a time. */
function ownersOf(evidence: Evidence, name: Key, at: Instant): NamedPerson[] {
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
  return (stated.length > 0 ? stated : entries).map(({ person, evidence: proof }) => ({
    key: person,
    state: 'inferred',
    evidence: proof,
  }))
}
