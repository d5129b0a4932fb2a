import type { FactIndex } from '@catena/access-chain'
import { definitionOf, namespaceOf, scopeOf, type Activity, type Key } from '@catena/domain'

/** Two names that may be one person's. Equal text is a suggestion and joins nothing. */
export interface Suggestion {
  readonly alias: Key
  readonly principal: Key
  /** e.g. `login name sam is the name of an account`. */
  readonly why: string
  /** Records that show the names. */
  readonly evidence: readonly number[]
}

/** Text that names something in several systems, with those names. */
export interface EqualNames {
  readonly text: string
  readonly names: readonly Key[]
}

/** Pairs that nobody has decided yet, by text. */
export async function suggest(index: FactIndex, groups: readonly EqualNames[]): Promise<Suggestion[]> {
  const names = groups.flatMap((group) => group.names)
  const [described, bound] = await Promise.all([
    lookUp(index, names.filter(isPersonName), 'describes'),
    lookUp(index, names.filter(isPersonName), 'binds'),
  ])
  const pairs = groups.flatMap((group) =>
    pairsOf(group, (name) => personsCalled(name, [...(described.get(name) ?? []), ...(bound.get(name) ?? [])])),
  )
  const decisions = await lookUp(
    index,
    pairs.map(({ alias }) => alias),
    'relates',
  )
  return pairs.filter(({ alias, principal }) => !isDecided(decisions.get(alias) ?? [], principal))
}

interface Named {
  readonly person: Key
  readonly evidence: readonly number[]
}

function pairsOf({ text, names }: EqualNames, personsOf: (name: Key) => readonly Named[]): Suggestion[] {
  const persons = new Map(
    names.filter(isPersonName).flatMap((name) => personsOf(name).map((named) => [named.person, { ...named, name }])),
  )
  const accounts = names.filter((name) => !isPersonName(name))
  const byKey = [...persons.values()].sort((a, b) => (a.person < b.person ? -1 : 1))
  const ofAccounts = accounts.flatMap((alias) =>
    byKey.map(({ person, name, evidence }) => ({
      alias,
      principal: person,
      why: `${definitionOf(name).noun} ${text} in ${scopeOf(person)} is the name of the ${definitionOf(alias).noun}`,
      evidence,
    })),
  )
  const ofPersons = byKey.flatMap((one, index) =>
    byKey
      .slice(index + 1)
      .filter((other) => scopeOf(other.person) !== scopeOf(one.person))
      .map((other) => ({
        alias: other.person,
        principal: one.person,
        why: `${definitionOf(one.name).noun} ${text} in ${scopeOf(one.person)} and in ${scopeOf(other.person)}`,
        evidence: [...new Set([...one.evidence, ...other.evidence])].sort((a, b) => a - b),
      })),
  )
  return [...ofAccounts, ...ofPersons]
}

function isPersonName(name: Key): boolean {
  return namespaceOf(name) === 'person-email' || namespaceOf(name) === 'person-name'
}

function personsCalled(name: Key, facts: readonly Activity[]): Named[] {
  const persons = new Map<Key, Named>()
  for (const fact of facts)
    for (const { key } of fact.groups.filter(({ role }) => role === 'person').flatMap(({ forms }) => forms))
      if (namespaceOf(key) === 'person' && scopeOf(key) === scopeOf(name))
        persons.set(key, { person: key, evidence: fact.positions })
  return [...persons.values()]
}

/** Joined, rejected or ended: somebody looked at it. */
function isDecided(facts: readonly Activity[], principal: Key): boolean {
  return facts.some(({ kind, attributes }) => kind === 'identity-joined' && attributes.principal === principal)
}

function lookUp(
  index: FactIndex,
  keys: readonly Key[],
  verb: 'describes' | 'binds' | 'relates',
): Promise<Map<Key, readonly Activity[]>> {
  const lookups = [...new Set(keys)].map((key) => ({ key }))
  return lookups.length === 0 ? Promise.resolve(new Map<Key, readonly Activity[]>()) : index.factsBy(lookups, verb)
}
