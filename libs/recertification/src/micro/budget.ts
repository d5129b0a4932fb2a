import type { Key } from '@catena/domain'
import type { FrozenItem } from '../population/frozen-item.js'

export interface Budgeted {
  readonly now: readonly FrozenItem[]
  /** What waits until one of its reviewers has room again. */
  readonly later: readonly FrozenItem[]
}

/** The riskiest first, as far as every reviewer of an item has room. Whom nobody may review is asked at once: it takes nobody's time, and must be seen. */
export function withinBudget(items: readonly FrozenItem[], given: ReadonlyMap<Key, number>, max: number): Budgeted {
  const taken = new Map(given)
  const [now, later]: [FrozenItem[], FrozenItem[]] = [[], []]
  for (const item of items.toSorted((a, b) => b.risk - a.risk || (a.subject < b.subject ? -1 : 1))) {
    const hasRoom = item.reviewers.every((reviewer) => (taken.get(reviewer) ?? 0) < max)
    for (const reviewer of hasRoom ? item.reviewers : []) taken.set(reviewer, (taken.get(reviewer) ?? 0) + 1)
    ;(hasRoom ? now : later).push(item)
  }
  return { now, later }
}
