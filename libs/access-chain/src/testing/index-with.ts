import type { FactIndex } from '../fact-index.js'

/** Answers as the index does, but for what is its own. */
export function indexWith(index: FactIndex, own: Partial<FactIndex>): FactIndex {
  return {
    asOf: index.asOf,
    equated: (keys) => index.equated(keys),
    factsBy: (lookups, verb) => index.factsBy(lookups, verb),
    facts: (ids) => index.facts(ids),
    clockBounds: (presenter, issuer) => index.clockBounds(presenter, issuer),
    coverage: (source) => index.coverage(source),
    ...own,
  }
}
