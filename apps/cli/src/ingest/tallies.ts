import type { Tally } from '@catena/ingest'

export const NOTHING: Tally = {
  read: 0,
  stored: 0,
  duplicates: 0,
  quarantined: 0,
  holes: 0,
  reasons: {},
  unclassified: {},
}

export function total(tallies: readonly Tally[]): Tally {
  return tallies.reduce(add, NOTHING)
}

function add(a: Tally, b: Tally): Tally {
  return {
    read: a.read + b.read,
    stored: a.stored + b.stored,
    duplicates: a.duplicates + b.duplicates,
    quarantined: a.quarantined + b.quarantined,
    holes: a.holes + b.holes,
    reasons: addCounts(a.reasons, b.reasons),
    unclassified: addCounts(a.unclassified, b.unclassified),
  }
}

type Counts = Readonly<Record<string, number>>

function addCounts(a: Counts, b: Counts): Counts {
  const sums = new Map(Object.entries(a))
  for (const [name, count] of Object.entries(b)) sums.set(name, (sums.get(name) ?? 0) + count)
  return Object.fromEntries(sums)
}
