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
  const facts = [...basesOf(descriptions, changes, past, at), ...past]
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

/** What stood before the first change that is known: the snapshots nearest before, else the next later one, else the first change read backwards. */
function basesOf(
  descriptions: readonly Activity[],
  changes: readonly Activity[],
  past: readonly Activity[],
  at: Instant,
): readonly Activity[] {
  const snapshots = descriptions
    .filter((fact) => fact.attributes.snapshot === true)
    .sort((a, b) => statedAt(a) - statedAt(b))
  const before = nearestBefore(snapshots.filter((fact) => statedAt(fact) <= at))
  const standing = before.length > 0 ? before : snapshots.slice(0, 1)
  if (past.length > 0) return changes.some(isCreation) ? [] : standing.map(withoutState)
  const later = changes.find((fact) => fact.attributes.deleted !== true)
  if (standing.length > 0) return later === undefined ? standing : standing.map(withoutState)
  return later === undefined || isCreation(later) ? [] : [withoutState(later)]
}

/** By time: the last, and before it those that state a name which no later one does. A list without a column says nothing of it. */
function nearestBefore(snapshots: readonly Activity[]): readonly Activity[] {
  const stated = new Set<string>()
  return snapshots.toReversed().filter(({ attributes }, index) => {
    const adds = NAMES.filter((name) => attributes[name] !== undefined && !stated.has(name))
    for (const name of adds) stated.add(name)
    return index === 0 || adds.length > 0
  }).toReversed()
} // prettier-ignore

const NAMES = ['username', 'email'] as const

function statedAt(fact: Activity): Instant {
  return typeof fact.attributes.statedAt === 'number' ? fact.attributes.statedAt : fact.occurredAt
}

/** Names read backwards from a later entry stand; whether the account was enabled then does not follow. */
function withoutState(fact: Activity): Activity {
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
