import { type Activity, type Key, type Target } from '@catena/domain'
import type { FactIndex } from './fact-index.js'
import { isRewrap, openedBy, originsOf, REWRAPS_MAX, wrappedTargets } from './unwrapped.js'

/** These facts, those that unwrapped a credential with it as their target, and once for each that it may have been. Asks nothing where none unwrapped. */
export async function withContents(index: FactIndex, facts: readonly Activity[]): Promise<Activity[]> {
  const opening = facts.filter(isUnwrapping)
  if (opening.length === 0) return [...facts]
  const makers = new Map<Key, readonly Activity[]>()
  let frontier: readonly Activity[] = opening
  for (let step = 0; step <= REWRAPS_MAX && frontier.length > 0; step++) {
    const keys = [...new Set(frontier.flatMap(openedBy))].filter((key) => !makers.has(key))
    const found = await makersByKey(index, keys)
    for (const [key, made] of found) makers.set(key, made)
    frontier = [...found.values()].flat().filter(isRewrap)
  }
  const known = new Map<string, readonly Target[]>()
  const targetsOf = (fact: Activity): readonly Target[] => {
    const opened = openedBy(fact).join(' ')
    const targets = known.get(opened) ?? wrappedTargets(originsOf(fact, (key) => makers.get(key) ?? []))
    known.set(opened, targets)
    return targets
  }
  return facts.flatMap((fact) => {
    const targets = isUnwrapping(fact) ? targetsOf(fact) : []
    return targets.length === 0 ? [fact] : targets.map((target) => ({ ...fact, target }))
  })
}

function isUnwrapping({ kind }: Activity): boolean {
  return kind === 'response-unwrapped'
}

async function makersByKey(index: FactIndex, keys: readonly Key[]): Promise<Map<Key, readonly Activity[]>> {
  if (keys.length === 0) return new Map()
  const names = await index.equated(keys)
  const all = [...new Set([...names.values()].flat())]
  const found = await index.factsBy(all.map((key) => ({ key })), 'establishes') // prettier-ignore
  const ofThings = new Map<readonly Key[], readonly Activity[]>()
  const ofKey = (key: Key): readonly Activity[] => {
    const thing = names.get(key) ?? [key]
    const makers = ofThings.get(thing) ?? thing.flatMap((name) => found.get(name) ?? [])
    ofThings.set(thing, makers)
    return makers
  }
  return new Map(keys.map((key) => [key, ofKey(key)]))
}
