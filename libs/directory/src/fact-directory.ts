import { entryAt, type FactIndex } from '@catena/access-chain'
import {
  issuerScope,
  makeKey,
  namespaceOf,
  valueOf,
  type Activity,
  type Instant,
  type Key,
  type Namespace,
  type SourceInstance,
  type Verb,
} from '@catena/domain'
import { changesIn } from './changes.js'
import { absencesIn, employmentAt } from './employment.js'
import { joinedWith, reachable } from './joined.js'
import { holds, mayRestore, membershipsAt, membershipsIn } from './memberships.js'
import type { Directory, DirectoryChange, GroupEntry, Manager, Membership, PersonEntry, Sponsorship } from './port.js'
import { sponsorshipsAt } from './sponsorships.js'
import { statedAt, statementsOf, textAt, timeOf } from './statements.js'

/** Joins of joins that are followed. */
const JOIN_ROUNDS_MAX = 4

type Facts = ReadonlyMap<Key, readonly Activity[]>

/** The directory as the facts of an index tell it: one look-up per question, however many people. */
export class FactDirectory implements Directory {
  /** `systems`: `<kind>/<scope>` of every source that may describe people. */
  constructor(
    private readonly index: FactIndex,
    private readonly systems: readonly string[],
  ) {}

  async find(term: string): Promise<readonly Key[]> {
    const lower = term.toLowerCase()
    const named = (namespace: Namespace, value: string): Key[] =>
      this.systems.map((system) => makeKey(namespace, system, value))
    const ids = [...(namespaceOf(term as Key) === 'person' ? [term as Key] : []), ...named('person', term)]
    const names = [...named('person-email', lower), ...named('person-name', lower)]
    const found = await this.facts([...ids, ...names], 'describes')
    const described = ids.filter((key) => (found.get(key) ?? []).length > 0)
    const persons = names.flatMap((key) => (found.get(key) ?? []).flatMap(personsIn))
    return [...new Set([...described, ...persons])].sort()
  }

  async samePrincipal(principals: readonly Key[], at: Instant): Promise<ReadonlyMap<Key, readonly Key[]>> {
    const same = new Map<Key, readonly Key[]>(principals.map((key) => [key, [key]]))
    let frontier = [...new Set(principals)]
    const edges = new Map<Key, readonly Key[]>()
    for (let round = 0; round < JOIN_ROUNDS_MAX && frontier.length > 0; round++) {
      const [related, described] = await Promise.all([
        this.facts(frontier, 'relates'),
        this.facts(frontier, 'describes'),
      ])
      for (const key of frontier)
        edges.set(key, joinedWith(key, [...(related.get(key) ?? []), ...(described.get(key) ?? [])], at))
      frontier = [...new Set([...edges.values()].flat())].filter((key) => !edges.has(key))
    }
    for (const key of principals) same.set(key, reachable(key, edges))
    return same
  }

  async entries(persons: readonly Key[], at: Instant): Promise<ReadonlyMap<Key, PersonEntry>> {
    const facts = await this.facts(persons, 'describes')
    return new Map(
      persons.flatMap((person): [Key, PersonEntry][] => {
        const entry = entryOf(person, facts.get(person) ?? [], at)
        return entry === undefined ? [] : [[person, entry]]
      }),
    )
  }

  async groupsOf(persons: readonly Key[], at: Instant): Promise<ReadonlyMap<Key, readonly Membership[]>> {
    const memberships = await this.membershipsOf(persons)
    return new Map([...memberships].map(([person, own]) => [person, own.filter((one) => holds(one, at))]))
  }

  async membershipsOf(persons: readonly Key[]): Promise<ReadonlyMap<Key, readonly Membership[]>> {
    const memberships = new Map<Key, Membership[]>(persons.map((person) => [person, []]))
    for (const one of membershipsIn(await this.membershipFacts(persons))) memberships.get(one.person)?.push(one)
    return memberships
  }

  async membersOf(group: string, at: Instant): Promise<readonly Membership[]> {
    const groups = await this.groupsNamed(group)
    const facts = await this.aboutGroups(groups)
    const persons = [...new Set(membershipsIn(facts).map(({ person }) => person))]
    const all = [...facts, ...(await this.membershipFacts(persons))]
    return membershipsAt(all, at).filter((one) => groups.includes(one.group))
  }

  async groupEntries(groups: readonly Key[], at: Instant): Promise<ReadonlyMap<Key, GroupEntry>> {
    const facts = await this.aboutGroups(groups)
    const persons = [...new Set(membershipsIn(facts).map(({ person }) => person))]
    const [described, related] = await Promise.all([this.facts(persons, 'describes'), this.facts(persons, 'relates')])
    const members = membershipsIn([...facts, ...flat(described), ...flat(related)])
    return new Map(
      groups.flatMap((group): [Key, GroupEntry][] => {
        const own = members.filter((one) => one.group === group)
        const about = facts.filter((fact) => keysOf(fact, 'group').includes(group))
        return about.length === 0 ? [] : [[group, { members: own, isToldWhole: areToldWhole(about, at) }]]
      }),
    )
  }

  async sponsorsOf(workloads: readonly Key[], at: Instant): Promise<ReadonlyMap<Key, readonly Sponsorship[]>> {
    const facts = await this.facts(workloads, 'relates')
    return new Map(
      workloads.flatMap((workload): [Key, readonly Sponsorship[]][] => {
        const sponsors = sponsorshipsAt(workload, facts.get(workload) ?? [], at)
        return sponsors.length === 0 ? [] : [[workload, sponsors]]
      }),
    )
  }

  async changesOf(
    persons: readonly Key[],
    span: { readonly from: Instant; readonly to: Instant },
  ): Promise<readonly DirectoryChange[]> {
    const described = await this.facts(persons, 'describes')
    const memberships = membershipsIn(await this.membershipFacts(persons))
    const changes = persons.flatMap((person) =>
      changesIn(
        person,
        described.get(person) ?? [],
        memberships.filter((one) => one.person === person),
      ),
    )
    return changes.filter(({ at }) => span.from <= at && at < span.to).sort((a, b) => a.at - b.at)
  }

  /** Facts about the persons themselves, and those about the groups that they were ever named with. */
  private async membershipFacts(persons: readonly Key[]): Promise<readonly Activity[]> {
    const [described, related] = await Promise.all([this.facts(persons, 'describes'), this.facts(persons, 'relates')])
    // One list of ten thousand members is found by each of them.
    const own = [...new Set([...described.values(), ...related.values()].flat())]
    const groups = own.flatMap((fact) => keysOf(fact, 'group'))
    return [...own, ...(await this.facts(groups, 'relates').then(flat))]
  }

  private async aboutGroups(groups: readonly Key[]): Promise<readonly Activity[]> {
    const [presented, related] = await Promise.all([this.facts(groups, 'presents'), this.facts(groups, 'relates')])
    return [...flat(presented), ...flat(related)]
  }

  private async groupsNamed(term: string): Promise<Key[]> {
    if (namespaceOf(term as Key) === 'group') return [term as Key]
    const ids = this.systems.map((system) => makeKey('group', system, term))
    const names = this.systems.map((system) => makeKey('group-name', system, term.toLowerCase()))
    const facts = await this.aboutGroups([...ids, ...names])
    const byId = facts.flatMap((fact) => keysOf(fact, 'group')).filter((key) => ids.includes(key))
    return [...new Set([...byId, ...facts.flatMap((fact) => groupsCalled(fact, names))])].sort()
  }

  private facts(keys: readonly Key[], verb: Verb): Promise<Facts> {
    const lookups = [...new Set(keys)].map((key) => ({ key }))
    return lookups.length === 0 ? Promise.resolve(new Map()) : this.index.factsBy(lookups, verb)
  }
}

/** `<kind>/<scope>` of each source: any may describe people. */
export function systemsOf(sources: readonly Pick<SourceInstance, 'kind' | 'scope'>[]): string[] {
  return sources.map(({ kind, scope }) => issuerScope(kind, scope))
}

function entryOf(person: Key, facts: readonly Activity[], at: Instant): PersonEntry | undefined {
  const names = entryAt(person, facts, at)
  if (facts.length === 0) return undefined
  const employment = employmentAt(facts, at)
  const manager = managerAt(person, facts, at)
  const evidence = [...(names?.evidence ?? []), ...employment.evidence, ...(manager?.evidence ?? [])]
  return {
    person,
    name: names?.username ?? textAt(facts, 'username', at) ?? valueOf(person),
    ...text('displayName', textAt(facts, 'displayName', at)),
    ...text('email', names?.email),
    ...text('title', textAt(facts, 'title', at)),
    ...text('department', textAt(facts, 'department', at)),
    ...(manager === undefined ? {} : { manager }),
    employment,
    absences: absencesIn(facts),
    ...groupsTold(facts),
    evidence: [...new Set(evidence)].sort((a, b) => a - b),
  }
}

/** By a list of all members, or by the group's end until it is restored. Of earlier moments neither tells; that a row lists all groups of one person says nothing of others. */
function areToldWhole(facts: readonly Activity[], at: Instant): boolean {
  const known = facts.filter((fact) => timeOf(fact).at <= at)
  const restored = Math.max(...known.filter(mayRestore).map(({ occurredAt }) => occurredAt))
  return known.some(
    ({ outcome, occurredAt, attributes: { allMembers, groupDeleted } }) =>
      outcome === 'succeeded' && (allMembers === true || (groupDeleted === true && occurredAt > restored)),
  )
}

/** An account whose making is on record was in no group before; a list of all groups leaves none out. */
function groupsTold(facts: readonly Activity[]): Pick<PersonEntry, 'groupsToldFrom'> {
  const told = facts.filter(
    ({ outcome, attributes }) =>
      outcome === 'succeeded' && (attributes.created === true || attributes.allGroups === true),
  )
  return told.length === 0 ? {} : { groupsToldFrom: Math.min(...told.map((fact) => timeOf(fact).at)) }
}

/** Managers are keys, so that an entry of one directory may name a person of another. */
export function managerAt(person: Key, facts: readonly Activity[], at: Instant): Manager | undefined {
  const stated = statedAt(statementsOf(facts, 'manager'), at)
  if (typeof stated?.value !== 'string' || stated.value === person) return undefined
  return { person: stated.value as Key, readBack: stated.readBack, evidence: stated.fact.positions }
}

function personsIn(fact: Activity): Key[] {
  return fact.groups
    .filter(({ verb }) => verb === 'describes')
    .flatMap(({ forms }) => forms.map(({ key }) => key))
    .filter((key) => namespaceOf(key) === 'person')
}

function keysOf(fact: Activity, namespace: Namespace): Key[] {
  const keys = fact.groups.flatMap(({ forms }) => forms.map(({ key }) => key))
  return [...new Set(keys.filter((key) => namespaceOf(key) === namespace))]
}

/** A record may name several groups: the role of a name ends as that of its group. */
function groupsCalled({ groups }: Activity, names: readonly Key[]): Key[] {
  const suffixes = groups
    .filter(({ role, forms }) => role.startsWith(NAME_ROLE) && forms.some(({ key }) => names.includes(key)))
    .map(({ role }) => role.slice(NAME_ROLE.length))
  const own = groups.filter(({ role }) => suffixes.some((suffix) => role === `group${suffix}`))
  return own.flatMap(({ forms }) => forms.map(({ key }) => key))
}

const NAME_ROLE = 'group-name'

function flat(facts: Facts): readonly Activity[] {
  return [...facts.values()].flat()
}

function text<K extends string>(name: K, value: string | undefined): { [P in K]?: string } {
  return (value === undefined ? {} : { [name]: value }) as { [P in K]?: string }
}
