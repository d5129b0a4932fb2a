import { scopeOf, type Instant, type Key } from '@catena/domain'
import type { Membership } from '@catena/directory'
import type { PersonRecord } from './credential-history.js'
import type { InGroup } from './in-group.js'

/** Asked of the moment at which something was done: who joined or left since did not do it as another. */
export function inGroupAt(person: PersonRecord | undefined, group: Key, at: Instant): InGroup {
  if (person === undefined) return 'perhaps'
  const own = person.memberships.filter((one) => one.group === group)
  return own.length > 0 || tellsOf(person, group, at) ? withinAt(own, at) : 'perhaps'
}

/** The same by all that is known of one person in one group. */
export function withinAt(own: readonly Membership[], at: Instant): InGroup {
  if (own.some((one) => isSaid(one, at))) return 'yes'
  return own.some((one) => isPossible(one, at)) ? 'perhaps' : 'no'
}

/** The surest that any of these accounts can say for one principal. */
export function anyInGroupAt(
  people: Readonly<Record<Key, PersonRecord>>,
  keys: readonly Key[],
  group: Key,
  at: Instant,
): InGroup {
  return keys.length === 0 ? 'perhaps' : surestOf(keys.map((key) => inGroupAt(people[key], group, at)))
}

/** Of nothing: no. */
export function surestOf(all: readonly InGroup[]): InGroup {
  return (['yes', 'perhaps'] as const).find((each) => all.includes(each)) ?? 'no'
}

export function isSaidThroughout(person: PersonRecord | undefined, group: Key, from: Instant, to: Instant): boolean {
  return person?.memberships.some((one) => one.group === group && isSaid(one, from) && isSaid(one, to)) === true
}

function isSaid({ saidFrom = Infinity, saidTo = Infinity, to = Infinity }: Membership, at: Instant): boolean {
  return saidFrom <= at && at < to && at <= saidTo
}

function isPossible({ earliest = -Infinity, to = Infinity }: Membership, at: Instant): boolean {
  return earliest <= at && at < to
}

/** Of a group of another directory the person may be a member by an account that nobody joined to this one. */
function tellsOf({ key, groupsToldFrom = Infinity }: PersonRecord, group: Key, at: Instant): boolean {
  return scopeOf(key) === scopeOf(group) && groupsToldFrom <= at
}
