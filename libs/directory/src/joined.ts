import { joinsAt } from '@catena/access-chain'
import { type Activity, type Instant, type Key } from '@catena/domain'

/** What is joined to a key at the moment, whichever side of the join it stands on. */
export function joinedWith(key: Key, facts: readonly Activity[], at: Instant): Key[] {
  const aliases = facts.flatMap(({ attributes }) => [
    ...(typeof attributes.alias === 'string' ? [attributes.alias as Key] : []),
    ...(Array.isArray(attributes.sameAs) ? (attributes.sameAs as Key[]) : []),
  ])
  const joins = [...new Set([key, ...aliases])].flatMap((alias) => joinsAt(alias, facts, at))
  const others = joins.flatMap(({ alias, principal }) =>
    alias === key ? [principal] : principal === key ? [alias] : [],
  )
  return [...new Set(others)].sort()
}

/** All keys that joins lead to, the key itself among them. */
export function reachable(key: Key, edges: ReadonlyMap<Key, readonly Key[]>): Key[] {
  const found = new Set<Key>([key])
  for (const one of found) for (const other of edges.get(one) ?? []) found.add(other)
  return [...found].sort()
}
