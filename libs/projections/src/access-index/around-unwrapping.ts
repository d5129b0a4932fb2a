import { isRewrap, openedBy, REWRAPS_MAX } from '@catena/access-chain'
import type { Activity } from '@catena/domain'
import { uuidOf, type Uuid } from './identity.js'
import { madeNames, type Edge, type Wrappings } from './unwrapped-rows.js'

/**
 * Requests and names that are looked at for one unwrapping, the earliest known first: a wrapping is made once and has a name or two for each audit device. More
 * of them share one value that is no wrapping's; working out each state of knowledge of thousands would hold up the index.
 */
const MAKERS_MAX = 16
const EDGES_MAX = 128

export interface NamedEdge extends Edge {
  readonly between: readonly [Uuid, Uuid]
}

/** Of all makers of wrappings and all pairs of names, those that an unwrapping leads to, also through rewrappings. */
export function aroundEach(
  makers: readonly Activity[],
  edges: readonly NamedEdge[],
): (unwrapping: Activity) => Wrappings {
  const makersByName = groupedBy(makers, (maker) => madeNames(maker).map(uuidOf))
  const edgesByName = groupedBy(edges, ({ between }) => between)
  const beside = new Map([...edgesByName].map(([name, own]) => [name, new Set(own.flatMap(({ between }) => between))]))
  return (unwrapping) => {
    const [names, found] = [new Set<Uuid>(), new Set<Activity>()]
    let frontier: readonly Activity[] = [unwrapping]
    for (let step = 0; step <= REWRAPS_MAX && frontier.length > 0; step++) {
      const opened = frontier.flatMap((one) => openedBy(one).map(uuidOf)).filter((name) => !names.has(name))
      const reached = reachedFrom(opened, beside)
      for (const name of reached) names.add(name)
      const fresh = reached.flatMap((name) => makersByName.get(name) ?? []).filter((maker) => !found.has(maker))
      for (const maker of fresh) found.add(maker)
      frontier = fresh.filter(isRewrap)
    }
    const shown = new Set([...names].flatMap((name) => edgesByName.get(name) ?? []))
    return {
      makers: [...found].sort(byFirstPosition).slice(0, MAKERS_MAX),
      edges: [...shown].sort((a, b) => a.position - b.position).slice(0, EDGES_MAX),
    }
  }
}

function byFirstPosition(a: Activity, b: Activity): number {
  return (a.positions[0] ?? 0) - (b.positions[0] ?? 0) || (a.factId < b.factId ? -1 : 1)
}

function groupedBy<T>(all: readonly T[], namesOf: (one: T) => readonly Uuid[]): Map<Uuid, T[]> {
  const groups = new Map<Uuid, T[]>()
  for (const one of all) {
    for (const name of new Set(namesOf(one))) {
      const group = groups.get(name)
      if (group === undefined) groups.set(name, [one])
      else group.push(one)
    }
  }
  return groups
}

/** With all that stands beside them, and beside that. */
export function reachedFrom(keys: readonly Uuid[], beside: ReadonlyMap<Uuid, ReadonlySet<Uuid>>): Uuid[] {
  const reached = new Set(keys)
  for (const key of reached) for (const other of beside.get(key) ?? []) reached.add(other)
  return [...reached]
}
