import type { Activity, Key } from '@catena/domain'
import type { FactIndex } from './fact-index.js'
import { keysIn } from './forward-keys.js'
import { joinedAliases } from './joins.js'

/**
 * Keys that these facts show together and that nobody knew to name one thing before: what is known by one of them now counts for the other.
 * What makes a thing tells its names too, and is followed anyway.
 */
export async function newlyNamed(before: FactIndex, facts: readonly Activity[]): Promise<Key[]> {
  const shown = new Map(facts.flatMap(namesShown).map((names) => [names.join(' '), names]))
  const known = await before.equated([...new Set([...shown.values()].map(([first]) => first as Key))])
  return [...shown.values()].filter((names) => !isKnown(known.get(names[0] as Key), names)).flat()
}

function namesShown({ groups }: Activity): Key[][] {
  return groups
    .filter(({ verb, trust, forms }) => verb === 'presents' && trust === 'verified' && forms.length > 1)
    .map(({ forms }) => forms.map(({ key }) => key))
}

function isKnown(known: readonly Key[] | undefined, names: readonly Key[]): boolean {
  return names.every((name) => known?.includes(name) ?? false)
}

/** By what else the people are known that a directory told of anew. */
export function namesTold(index: FactIndex, own: readonly Activity[]): Promise<Key[]> {
  return namesOf(index, keysIn(own, ({ verb }) => verb === 'describes')) // prettier-ignore
}

/**
 * What a directory calls these people, in whichever entry (a deleted one's names were told before), and the accounts that somebody said to be theirs:
 * candidates, of any moment. The keys that were given are not among them.
 */
export async function namesOf(index: FactIndex, people: readonly Key[]): Promise<Key[]> {
  const lookups = people.map((key) => ({ key }))
  const found = await Promise.all([index.factsBy(lookups, 'describes'), index.factsBy(lookups, 'relates')])
  const [described, related] = found.map((facts) => [...facts.values()].flat()) as [Activity[], Activity[]]
  const names = [...keysIn(described, ({ verb }) => verb === 'describes'), ...joinedAliases([...described, ...related])]
  return [...new Set(names)].filter((key) => !people.includes(key))
}
