import type { FactIndex } from '@catena/access-chain'
import { namespaceOf, type Activity, type Key } from '@catena/domain'

/** Teams of which these people were ever said to be in, or out: whether anybody still is is asked when it is judged. */
export async function teamsOf(index: Pick<FactIndex, 'factsBy'>, people: readonly Key[]): Promise<Key[]> {
  const lookups = people.map((key) => ({ key }))
  const [described, related] = await Promise.all([
    index.factsBy(lookups, 'describes'),
    index.factsBy(lookups, 'relates'),
  ])
  return groupsIn([...described.values(), ...related.values()].flat())
}

export function groupsIn(facts: readonly Activity[]): Key[] {
  const keys = facts.flatMap(({ groups }) => groups.flatMap(({ forms }) => forms.map(({ key }) => key)))
  return [...new Set(keys.filter((key) => namespaceOf(key) === 'group'))]
}
