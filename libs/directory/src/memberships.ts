import { namespaceOf, type Activity, type Instant, type Key } from '@catena/domain'
import type { Membership, Validity } from './port.js'
import { inOrder, timeOf, type Statement } from './statements.js'

/** Says whether somebody is in a group, from then on; of a list, as it stood then. */
interface Stated extends Statement<boolean> {
  /** That somebody was taken out says that he was in; that a list does not name him does not. */
  readonly isRemoval: boolean
  /** The group itself was deleted, or restored: of a deleted one the members go, and come back with it, without a record of each. */
  readonly ofGroup?: 'deleted' | 'restored'
}

interface Pair {
  readonly group: Key
  readonly person: Key
  readonly stated: Stated[]
}

/**
 * The spans in which each person was in each group, from all facts about these people's memberships. Before an addition nobody was a
 * member; before a removal the person was. A list tells of its moment, and between two statements the earlier one stands. Who was in a
 * group that was deleted and restored perhaps is again.
 */
export function membershipsIn(facts: readonly Activity[]): Membership[] {
  const known = distinct(facts).filter((fact) => fact.outcome === 'succeeded' || mayRestore(fact))
  const read = known.map(readFact)
  const pairs = new Pairs()
  for (const one of read)
    for (const group of one.groups)
      for (const person of one.persons) pairs.of(group, person).stated.push(named(one, person))
  // A whole list, or the end of a person or group, also speaks of those whom it does not name.
  for (const one of read)
    for (const pair of pairs.spokenOfBy(one))
      if (!(one.groups.has(pair.group) && one.persons.has(pair.person)))
        pair.stated.push({ value: false, isRemoval: false, ...ofGroup(one.fact), ...timeOf(one.fact), fact: one.fact })
  const names = groupNames(known)
  return pairs
    .all()
    .flatMap((pair) => spansOf(pair, names.get(pair.group) ?? ''))
    .sort(byStart)
}

export function membershipsAt(facts: readonly Activity[], at: Instant): Membership[] {
  return membershipsIn(facts).filter((membership) => holds(membership, at))
}

export function holds({ from = -Infinity, to = Infinity }: Validity, at: Instant): boolean {
  return from <= at && at < to
}

/** Also where nobody saw whether it did. */
export function mayRestore({ outcome, attributes }: Activity): boolean {
  return attributes.groupRestored === true && (outcome === 'succeeded' || outcome === 'unknown')
}

function ofGroup({ attributes: { groupDeleted, groupRestored } }: Activity): Pick<Stated, 'ofGroup'> {
  if (groupRestored === true) return { ofGroup: 'restored' }
  return groupDeleted === true ? { ofGroup: 'deleted' } : {}
}

/** What a fact says of groups and persons. Read once: a list can name ten thousand members, and each must cost the same. */
interface ReadFact {
  readonly fact: Activity
  readonly groups: ReadonlySet<Key>
  readonly persons: ReadonlySet<Key>
  readonly removed: ReadonlySet<Key>
  /** Persons of whom it says all groups, or that they are gone. */
  readonly wholePersons: readonly Key[]
  /** Groups of which it says all members, or that they are gone, or back. */
  readonly wholeGroups: readonly Key[]
}

function readFact(fact: Activity): ReadFact {
  const groups = keysIn(fact, 'group')
  const { allGroups, allMembers, deleted, groupDeleted, groupRestored } = fact.attributes
  return {
    fact,
    groups: new Set(groups),
    persons: new Set(keysIn(fact, 'person')),
    removed: new Set(keysOf(fact.groups.filter(({ role }) => role.startsWith('removed')))),
    wholePersons:
      allGroups === true || deleted === true ? keysOf(fact.groups.filter(({ verb }) => verb === 'describes')) : [],
    wholeGroups: [allMembers, groupDeleted, groupRestored].includes(true) ? groups : [],
  }
}

/** Each group with each person of whom a fact says something, found by either. */
class Pairs {
  private readonly byGroup = new Map<Key, Map<Key, Pair>>()
  private readonly byPerson = new Map<Key, Pair[]>()

  of(group: Key, person: Key): Pair {
    const ofGroup = this.byGroup.get(group) ?? new Map<Key, Pair>()
    this.byGroup.set(group, ofGroup)
    const known = ofGroup.get(person)
    if (known !== undefined) return known
    const pair: Pair = { group, person, stated: [] }
    ofGroup.set(person, pair)
    const ofPerson = this.byPerson.get(person) ?? []
    ofPerson.push(pair)
    this.byPerson.set(person, ofPerson)
    return pair
  }

  /** Those about which a whole list, or the end of a person or group, says something; each once. */
  spokenOfBy({ wholePersons, wholeGroups }: ReadFact): Iterable<Pair> {
    const ofPersons = wholePersons.flatMap((person) => this.byPerson.get(person) ?? [])
    const ofGroups = wholeGroups.flatMap((group) => [...(this.byGroup.get(group)?.values() ?? [])])
    return new Set([...ofPersons, ...ofGroups])
  }

  all(): Pair[] {
    return [...this.byGroup.values()].flatMap((ofGroup) => [...ofGroup.values()])
  }
}

function named({ fact, removed }: ReadFact, person: Key): Stated {
  const isRemoval = fact.attributes.added === false || removed.has(person)
  return { value: !isRemoval, isRemoval, ...timeOf(fact), fact }
}

/** Of groups and members; who made the change is neither. */
function keysIn(fact: Activity, namespace: 'group' | 'person'): Key[] {
  const own = fact.groups.filter(
    ({ role, verb }) => verb === 'describes' || /^(?:group|member|removed)(?:-|$)/.test(role),
  )
  return [...new Set(keysOf(own).filter((key) => namespaceOf(key) === namespace))]
}

function keysOf(groups: Activity['groups']): Key[] {
  return groups.flatMap(({ forms }) => forms.map(({ key }) => key))
}

function spansOf({ group, person, stated }: Pair, groupName: string): Membership[] {
  const pair = { group, person, groupName }
  const spans: Membership[] = []
  const ordered = [...stated].sort(byTime)
  let open: Stated | undefined
  let denied: Stated | undefined
  let said: Stated | undefined
  /** Since then perhaps a member again. */
  let back: Stated | undefined
  let wentWithGroup = false
  const removal = firstWord(ordered)
  /** In the group from before anything that is recorded. */
  let wasThere = removal !== undefined
  const close = (end?: Stated): void => {
    if (back !== undefined) spans.push(spanSince(back, { said, ...(end === undefined ? {} : { end }) }, pair))
    else if (open !== undefined || (wasThere && end !== undefined))
      spans.push(span({ start: open, said, denied, removal: wasThere ? removal : undefined, ...(end === undefined ? {} : { end }) }, pair, ordered)) // prettier-ignore
  }
  for (const statement of ordered) {
    if (statement.value) {
      if (back !== undefined) close(statement)
      back = undefined
      open ??= statement
      said = statement
      continue
    }
    const wasIn = open !== undefined || back !== undefined || wasThere
    // Of a deletion that is on no record the time is not known.
    close(statement.ofGroup === 'restored' ? { ...statement, isChange: false } : statement)
    const mayBeBack = statement.ofGroup === 'restored' && (wasIn || wentWithGroup)
    wentWithGroup = statement.ofGroup === 'deleted' && (wasIn || wentWithGroup)
    open = undefined
    wasThere = false
    back = mayBeBack ? statement : undefined
    denied = statement
  }
  close()
  return spans
}

/** The removal that is the first word on somebody, but for what became of the whole group: until then, or until that, they were in it. */
function firstWord(ordered: readonly Stated[]): Stated | undefined {
  const first = ordered.find(({ ofGroup }) => ofGroup === undefined)
  return first?.isRemoval === true ? first : undefined
}

/** Of one moment, a restoration comes last: it leaves more open. */
function byTime(a: Stated, b: Stated): number {
  return a.at - b.at || Number(a.ofGroup === 'restored') - Number(b.ofGroup === 'restored') || inOrder(a, b)
}

interface Course {
  readonly start: Stated | undefined
  /** The last that says so. */
  readonly said: Stated | undefined
  readonly end?: Stated
  /** The last before it that says the contrary. */
  readonly denied: Stated | undefined
  /** It alone says that somebody was there. */
  readonly removal?: Stated | undefined
}

function span(
  { start, said, end, denied, removal }: Course,
  pair: Pick<Membership, 'group' | 'person' | 'groupName'>,
  ordered: readonly Stated[],
): Membership {
  const isBounded = start !== undefined && (start.isChange || start !== ordered[0])
  const earliest = start?.isChange === true ? start.at : denied?.at
  const facts = [start, end, removal].flatMap((statement) => (statement === undefined ? [] : [statement.fact]))
  return {
    ...pair,
    ...(isBounded ? { from: start.at } : {}),
    ...(end === undefined ? {} : { to: end.at }),
    readBack: !isBounded,
    ...(start === undefined ? {} : { saidFrom: start.at }),
    ...(end === undefined || end.isChange || said === undefined ? {} : { saidTo: said.at }),
    ...(earliest === undefined ? {} : { earliest }),
    evidence: [...new Set(facts.flatMap((fact) => fact.positions))].sort((a, b) => a - b),
  }
}

/** In a group that was restored. Whoever was taken out since had come back with it; of all others no record says so. */
function spanSince(
  start: Stated,
  { said, end }: Pick<Course, 'said' | 'end'>,
  pair: Pick<Membership, 'group' | 'person' | 'groupName'>,
): Membership {
  const facts = [said, start, end].flatMap((statement) => (statement === undefined ? [] : [statement.fact]))
  return {
    ...pair,
    from: start.at,
    ...(end === undefined ? {} : { to: end.at }),
    readBack: true,
    ...(end?.isRemoval === true ? {} : { perhaps: true }),
    earliest: start.at,
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
