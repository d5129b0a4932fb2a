import type { Activity, Key } from '@catena/domain'
import type { FactIndex } from './fact-index.js'
import { keysIn } from './forward-keys.js'

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

/** What a directory calls the people that it told of anew, in whichever entry: a deleted one's names were told before. */
export async function namesTold(index: FactIndex, own: readonly Activity[]): Promise<Key[]> {
  const people = keysIn(own, ({ verb }) => verb === 'describes')
  const described = await index.factsBy(people.map((key) => ({ key })), 'describes') // prettier-ignore
  return keysIn([...described.values()].flat(), ({ verb }) => verb === 'describes').filter((key) => !people.includes(key))
} // prettier-ignore
