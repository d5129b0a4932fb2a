import type { BatchOutcome, NewQuarantined, NewRecord } from '@catena/ledger'

/** What became of the records of one run; read = stored + duplicates + quarantined. Counted only once it is committed. */
export interface Tally {
  readonly read: number
  readonly stored: number
  readonly duplicates: number
  readonly quarantined: number
  /** Blank lines, offsets without a record. */
  readonly holes: number
  /** Reason → quarantined records; duplicates are not among them. */
  readonly reasons: Readonly<Record<string, number>>
  /** Type → stored records of a type that no redaction rule knows; duplicates are not among them. */
  readonly unclassified: Readonly<Record<string, number>>
}

export const EMPTY_TALLY: Tally = {
  read: 0,
  stored: 0,
  duplicates: 0,
  quarantined: 0,
  holes: 0,
  reasons: {},
  unclassified: {},
}

/** Names that are counted one by one; a source may invent any number of types. */
const NAMES_MAX = 200

export interface Committed {
  readonly outcome: BatchOutcome
  /** Records of the batch whose type no redaction rule knows. */
  readonly unclassified: ReadonlySet<NewRecord>
  readonly holes: number
}

export function addCommitted(tally: Tally, { outcome, unclassified, holes }: Committed): Tally {
  const { records, quarantined } = outcome.admitted
  const unknown = records.filter((record) => unclassified.has(record))
  return {
    read: tally.read + outcome.stored + outcome.duplicates + outcome.quarantined,
    stored: tally.stored + outcome.stored,
    duplicates: tally.duplicates + outcome.duplicates,
    quarantined: tally.quarantined + outcome.quarantined,
    holes: tally.holes + holes,
    reasons: addCounts(tally.reasons, countBy(quarantined, reasonOf)),
    unclassified: addCounts(tally.unclassified, countBy(unknown, typeOf)),
  }
}

export function addTallies(a: Tally, b: Tally): Tally {
  return {
    read: a.read + b.read,
    stored: a.stored + b.stored,
    duplicates: a.duplicates + b.duplicates,
    quarantined: a.quarantined + b.quarantined,
    holes: a.holes + b.holes,
    reasons: addCounts(a.reasons, new Map(Object.entries(b.reasons))),
    unclassified: addCounts(a.unclassified, new Map(Object.entries(b.unclassified))),
  }
}

/** Of several runs; none: nothing was read. */
export function totalTally(tallies: readonly Tally[]): Tally {
  return tallies.reduce(addTallies, EMPTY_TALLY)
}

const reasonOf = ({ reason }: NewQuarantined): string => reason
const typeOf = ({ type }: NewRecord): string => type

function countBy<Item>(items: readonly Item[], nameOf: (item: Item) => string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const item of items) counts.set(nameOf(item), (counts.get(nameOf(item)) ?? 0) + 1)
  return counts
}

function addCounts(
  counts: Readonly<Record<string, number>>,
  more: ReadonlyMap<string, number>,
): Record<string, number> {
  const sum = new Map(Object.entries(counts))
  for (const [name, count] of more) {
    const listed = sum.has(name) || sum.size < NAMES_MAX ? name : '(others)'
    sum.set(listed, (sum.get(listed) ?? 0) + count)
  }
  return Object.fromEntries(sum)
}
