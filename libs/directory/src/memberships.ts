import { namespaceOf, type Activity, type Instant, type Key } from '@catena/domain'
import type { Membership, Validity } from './port.js'
import { inOrder, timeOf, type Statement } from './statements.js'

/** Says whether somebody is in a group, from then on; of a list, as it stood then. */
type Stated = Statement<boolean>

/**
 * The spans in which each person was in each group, from all facts about these people's memberships. Before an addition nobody was a
 * member; before a removal the person was. A list tells of its moment, and between two statements the earlier one stands.
 */
export function membershipsIn(facts: readonly Activity[]): Membership[] {
  const pairs = new Map<string, { group: Key; person: Key; stated: Stated[] }>()
  const add = (group: Key, person: Key, stated: Stated): void => {
    const id = `${group}\n${person}`
    const pair = pairs.get(id) ?? { group, person, stated: [] }
    pair.stated.push(stated)
    pairs.set(id, pair)
  }
  const known = distinct(facts).filter((fact) => fact.outcome === 'succeeded')
  for (const fact of known)
    for (const [group, person] of pairsIn(fact)) add(group, person, statementOf(fact, group, person))
  // A whole list, or the end of a person or group, also speaks of those whom it does not name.
  for (const fact of known)
    for (const pair of pairs.values())
      if (
        concerns(fact, pair) &&
        !pairsIn(fact).some(([group, person]) => group === pair.group && person === pair.person)
      )
        pair.stated.push({ value: false, ...timeOf(fact), fact })
  const names = groupNames(known)
  return [...pairs.values()].flatMap((pair) => spansOf(pair, names.get(pair.group) ?? '')).sort(byStart)
}

export function membershipsAt(facts: readonly Activity[], at: Instant): Membership[] {
  return membershipsIn(facts).filter((membership) => holds(membership, at))
}

export function holds({ from = -Infinity, to = Infinity }: Validity, at: Instant): boolean {
  return from <= at && at < to
}

/** Groups and persons of which a fact says something, pair by pair. */
function pairsIn(fact: Activity): [Key, Key][] {
  const groups = keysIn(fact, 'group')
  const persons = keysIn(fact, 'person')
  return groups.flatMap((group) => persons.map((person): [Key, Key] => [group, person]))
}

/** Of groups and members; who made the change is neither. */
function keysIn(fact: Activity, namespace: 'group' | 'person'): Key[] {
  const own = fact.groups.filter(
    ({ role, verb }) => verb === 'describes' || /^(?:group|member|removed)(?:-|$)/.test(role),
  )
  const keys = own.flatMap(({ forms }) => forms.map(({ key }) => key))
  return [...new Set(keys.filter((key) => namespaceOf(key) === namespace))]
}

function statementOf(fact: Activity, _: Key, person: Key): Stated {
  const isRemoved = fact.groups.some(
    ({ role, forms }) => role.startsWith('removed') && forms.some(({ key }) => key === person),
  )
  return { value: fact.attributes.added !== false && !isRemoved, ...timeOf(fact), fact }
}

/** Facts that list all groups of a person, or all members of a group; and deletions. */
function concerns(fact: Activity, { group, person }: { group: Key; person: Key }): boolean {
  const { allGroups, allMembers, deleted } = fact.attributes
  const isWhole = allGroups === true || deleted === true
  if (isWhole && fact.groups.some(({ verb, forms }) => verb === 'describes' && forms.some(({ key }) => key === person)))
    return true
  return (allMembers === true || fact.attributes.groupDeleted === true) && keysIn(fact, 'group').includes(group)
}

function spansOf(
  { group, person, stated }: { group: Key; person: Key; stated: Stated[] },
  groupName: string,
): Membership[] {
  const spans: Membership[] = []
  const ordered = [...stated].sort(inOrder)
  let open: Stated | undefined
  for (const [index, statement] of ordered.entries()) {
    const isFirst = index === 0
    if (statement.value) open ??= statement
    else if (open !== undefined || (isFirst && isRemoval(statement))) {
      spans.push(span(open, statement, { group, person, groupName }, ordered))
      open = undefined
    }
  }
  if (open !== undefined) spans.push(span(open, undefined, { group, person, groupName }, ordered))
  return spans
}

/** That somebody was taken out says that he was in; that a list does not name him does not. */
function isRemoval({ fact }: Stated): boolean {
  return fact.attributes.added === false || fact.groups.some(({ role }) => role.startsWith('removed'))
}

function span(
  start: Stated | undefined,
  end: Stated | undefined,
  pair: Pick<Membership, 'group' | 'person' | 'groupName'>,
  ordered: readonly Stated[],
): Membership {
  const isBounded = start !== undefined && (start.isChange || start !== ordered[0])
  const facts = [start, end].flatMap((statement) => (statement === undefined ? [] : [statement.fact]))
  return {
    ...pair,
    ...(isBounded ? { from: start.at } : {}),
    ...(end === undefined ? {} : { to: end.at }),
    readBack: !isBounded,
    evidence: [...new Set(facts.flatMap((fact) => fact.positions))].sort((a, b) => a - b),
  }
}

/** The newest name of each. */
function groupNames(facts: readonly Activity[]): Map<Key, string> {
  const names = new Map<Key, string>()
  for (const fact of [...facts].sort((a, b) => inOrder({ ...timeOf(a), fact: a }, { ...timeOf(b), fact: b }))) {
    const groups = keysIn(fact, 'group')
    const { groupName, groupNames: listed } = fact.attributes
    const [group] = groups
    if (typeof groupName === 'string' && groups.length === 1 && group !== undefined) names.set(group, groupName)
    if (typeof listed !== 'object' || listed === null || Array.isArray(listed)) continue
    for (const key of groups) if (typeof listed[key] === 'string') names.set(key, listed[key])
  }
  return names
}

function distinct(facts: readonly Activity[]): Activity[] {
  return [...new Map(facts.map((fact) => [fact.factId, fact])).values()]
}

function byStart(a: Membership, b: Membership): number {
  const [x, y] = [a, b].map(({ from = -Infinity, group, person }) => ({ from, id: `${group}\n${person}` }))
  if (x === undefined || y === undefined) return 0
  return x.from === y.from ? (x.id < y.id ? -1 : 1) : x.from - y.from
}
