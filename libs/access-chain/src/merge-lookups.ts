import type { Key } from '@catena/domain'
import type { Lookup } from './fact-index.js'

/** One look-up a key, wide enough for all; of several with a limit, one without. */
export function mergeLookups(lookups: readonly Lookup[]): readonly Lookup[] {
  if (lookups.length < 2) return lookups
  const merged = new Map<Key, Lookup>()
  for (const lookup of lookups) {
    const other = merged.get(lookup.key)
    merged.set(lookup.key, other === undefined ? lookup : widest(other, lookup))
  }
  return [...merged.values()]
}

function widest(a: Lookup, b: Lookup): Lookup {
  return {
    key: a.key,
    span: a.span && b.span && { from: Math.min(a.span.from, b.span.from), to: Math.max(a.span.to, b.span.to) },
    federated: a.federated === true && b.federated === true,
    sources: a.sources && b.sources && [...new Set([...a.sources, ...b.sources])],
  }
}
