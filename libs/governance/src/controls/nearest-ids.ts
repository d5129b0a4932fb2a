import { CONTROLS } from './registry.js'

/** Those of these ids that no control has. */
export function unknownControls(ids: readonly string[]): string[] {
  return ids.filter((id) => !CONTROLS.some((control) => control.id === id))
}

/** Ids of all controls, the one that is written most alike first. */
export function nearestControls(written: string): string[] {
  const distances = new Map(CONTROLS.map(({ id }) => [id, editDistance(written, id)]))
  const distance = (id: string): number => distances.get(id) ?? Infinity
  return [...distances.keys()].sort((a, b) => distance(a) - distance(b) || (a < b ? -1 : 1))
}

/** Letters compared at most: ids are shorter. */
const LETTERS_MAX = 64

/** Letters to put in, take out or change. */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (const [index, letter] of Array.from(one.slice(0, LETTERS_MAX)).entries()) {
    const next = [index + 1]
    for (let at = 1; at <= other.length; at++)
      next.push(Math.min((next[at - 1] ?? 0) + 1, (row[at] ?? 0) + 1, (row[at - 1] ?? 0) + (letter === other[at - 1] ? 0 : 1)))
    row = next
  }
  return row.at(-1) ?? 0
} // prettier-ignore
