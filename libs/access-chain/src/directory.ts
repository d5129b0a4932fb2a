import { makeKey, namespaceOf, scopeOf, type Activity, type Instant, type Key } from '@catena/domain'

/** A directory entry as it stood at one moment. */
export interface DirectoryEntry {
  readonly person: Key
  readonly username?: string
  /** Ledger positions of the statement of the login name; none where there is none. */
  readonly usernameFrom: readonly number[]
  readonly email?: string
  readonly enabled: boolean
  readonly deleted: boolean
  /** Names are read backwards from what was stated later. */
  readonly readBack: boolean
  readonly evidence: readonly number[]
}

/** The person whom a fact describes. */
export function describedPerson(fact: Activity): Key | undefined {
  const forms = fact.groups.filter((group) => group.verb === 'describes').flatMap((group) => group.forms)
  return forms.find((form) => namespaceOf(form.key) === 'person')?.key
}

/**
 * One person's entry at a moment, from all facts that describe the person. Changes count from when they happened; a snapshot tells of
 * any time at which no change says otherwise. Undefined: the person did not exist, or nothing is known.
 */
export function entryAt(person: Key, descriptions: readonly Activity[], at: Instant): DirectoryEntry | undefined {
  const changes = descriptions
    .filter((fact) => fact.attributes.snapshot !== true)
    .sort((a, b) => a.occurredAt - b.occurredAt)
  if (at < existsFrom(descriptions, changes)) return undefined
  const past = changes.filter((fact) => fact.occurredAt <= at)
  const base = baseOf(descriptions, changes, past, at)
  const facts = [...(base === undefined ? [] : [base]), ...past]
  if (facts.length === 0) return undefined
  return {
    person,
    ...latest(facts, 'username'),
    usernameFrom: stating(facts, 'username')?.positions ?? [],
    ...latest(facts, 'email'),
    enabled: facts.findLast((fact) => statesEnabled(fact, at))?.attributes.enabled !== false,
    deleted: past.some((fact) => fact.attributes.deleted === true),
    readBack: !facts.some((fact) => statesNames(fact, at)),
    evidence: [...new Set(facts.flatMap((fact) => fact.positions))].sort((a, b) => a - b),
  }
}

/** A snapshot says how the account stood when it was taken, not since when. */
function statesEnabled(fact: Activity, at: Instant): boolean {
  if (typeof fact.attributes.enabled !== 'boolean') return false
  const { statedAt } = fact.attributes
  return typeof statedAt !== 'number' || statedAt <= at
}

function statesNames(fact: Activity, at: Instant): boolean {
  const names = fact.attributes.email !== undefined || fact.attributes.username !== undefined
  return names && (fact.attributes.snapshot === true ? statedAt(fact) <= at : fact.occurredAt <= at)
}

function existsFrom(descriptions: readonly Activity[], changes: readonly Activity[]): Instant {
  const created = descriptions.map((fact) => fact.attributes.createdAt).filter((time) => typeof time === 'number')
  const creation = changes.find(isCreation)
  if (creation !== undefined) created.push(creation.occurredAt)
  return created.length === 0 ? -Infinity : Math.min(...created)
}

export function isCreation(fact: Activity): boolean {
  return fact.attributes.created === true
}

/** What stood before the first change that is known: the snapshot nearest before, else the next later one, else the first change read backwards. */
function baseOf(
  descriptions: readonly Activity[],
  changes: readonly Activity[],
  past: readonly Activity[],
  at: Instant,
): Activity | undefined {
  const snapshots = descriptions
    .filter((fact) => fact.attributes.snapshot === true)
    .sort((a, b) => statedAt(a) - statedAt(b))
  const snapshot = snapshots.findLast((fact) => statedAt(fact) <= at) ?? snapshots[0]
  if (past.length > 0) return changes.some(isCreation) ? undefined : withoutState(snapshot)
  const later = changes.find((fact) => fact.attributes.deleted !== true)
  if (snapshot !== undefined) return later === undefined ? snapshot : withoutState(snapshot)
  return later === undefined || isCreation(later) ? undefined : withoutState(later)
}

function statedAt(fact: Activity): Instant {
  return typeof fact.attributes.statedAt === 'number' ? fact.attributes.statedAt : fact.occurredAt
}

/** Names read backwards from a later entry stand; whether the account was enabled then does not follow. */
function withoutState(fact: Activity | undefined): Activity | undefined {
  if (fact === undefined) return undefined
  return { ...fact, attributes: { ...fact.attributes, enabled: undefined, deleted: undefined } }
}

function latest<K extends 'username' | 'email'>(facts: readonly Activity[], name: K): { [P in K]?: string } {
  const value = stating(facts, name)?.attributes[name]
  return (typeof value === 'string' ? { [name]: value } : {}) as { [P in K]?: string }
}

/** Null states that there is none. */
function stating(facts: readonly Activity[], name: 'username' | 'email'): Activity | undefined {
  return facts.findLast((fact) => fact.attributes[name] !== undefined)
}

/** Is the standing name (e-mail or login) the person's at that moment? */
export function owns(entry: DirectoryEntry, name: Key): boolean {
  if (entry.deleted) return false
  const own = namespaceOf(name) === 'person-email' ? entry.email : entry.username
  return own !== undefined && makeKey(namespaceOf(name), scopeOf(name), own.toLowerCase()) === name
}
