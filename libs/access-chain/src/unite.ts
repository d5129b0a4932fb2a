import type { Activity } from '@catena/domain'

/** Facts that are faster compared one by one than sorted. */
const FEW = 16

/** All facts of both lists, each once, in the order of their times. Each list is so by itself. */
export function unite(a: readonly Activity[], b: readonly Activity[]): readonly Activity[] {
  if (a.length === 0) return b
  if (b.length === 0) return a
  // A thing with several names is mostly found by each of them in the same facts.
  if (a.length + b.length <= FEW && b.every((fact) => a.includes(fact))) return a
  const byId = new Map([...a, ...b].map((fact) => [fact.factId, fact]))
  return [...byId.values()].sort((x, y) => x.occurredAt - y.occurredAt || (x.factId < y.factId ? -1 : 1))
}
