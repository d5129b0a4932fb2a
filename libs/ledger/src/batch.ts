import type { Instant } from '@catena/domain'
import type { LaneAdvance, NewQuarantined, NewRecord, RecordBatch } from './port.js'
import { storableInstant } from './storable.js'

/** Lane under which batches are counted that advance none. */
export const NO_LANE = 'direct'

/** A batch whose turn has come. */
export interface TakenBatch extends RecordBatch {
  /** Of one caller where it is left out. */
  readonly isOfSeveral?: boolean
}

/** What is new of a batch, each record id once. */
export interface Admitted {
  readonly records: readonly NewRecord[]
  readonly quarantined: readonly NewQuarantined[]
}

export interface SourceTally {
  readonly source: string
  read: number
  stored: number
  duplicates: number
  quarantined: number
  /** Newest time that its new records bear, none counted as later than its receipt: a clock that is ahead proves no later life. */
  lastOccurredAt: Instant | undefined
}

/** Throws RangeError on what no caller may ask for. */
export function requireSound({ records, quarantined, advance }: RecordBatch): void {
  const isOdd = ({ recordId }: { readonly recordId: Buffer }): boolean => recordId.length !== 16
  if (records.some(isOdd) || quarantined.some(isOdd)) throw new RangeError('a record id has 16 bytes')
  if (!advance) return
  if (advance.next < startOf(advance)) throw new RangeError(`lane ${advance.lane} cannot move backwards`)
  if (advance.content !== undefined && isOdd({ recordId: advance.content }))
    throw new RangeError('a hash of content has 16 bytes')
  if (!Number.isSafeInteger(advance.holes) || advance.holes < 0) throw new RangeError('holes are counted')
}

export function startOf(advance: LaneAdvance): bigint {
  return advance.expected ?? advance.first ?? 0n
}

/** `known` holds record ids in latin1, those of stored records and of quarantined ones. */
export function admit(
  batch: RecordBatch,
  known: { stored: ReadonlySet<string>; quarantined: ReadonlySet<string> },
): Admitted {
  return {
    records: firstOfEach(batch.records, known.stored),
    quarantined: firstOfEach(batch.quarantined, known.quarantined),
  }
}

function firstOfEach<T extends { recordId: Buffer }>(items: readonly T[], known: ReadonlySet<string>): T[] {
  const seen = new Set<string>()
  return items.filter(({ recordId }) => {
    const id = idText(recordId)
    if (known.has(id) || seen.has(id)) return false
    seen.add(id)
    return true
  })
}

/** A compact key for sets of record ids. */
export function idText(recordId: Buffer): string {
  return recordId.toString('latin1')
}

/** Per source, ordered by source: read = stored + duplicates + quarantined. `now`: their receipt. */
export function tally(batch: RecordBatch, admitted: Admitted, now: Instant): SourceTally[] {
  const tallies = new Map<string, SourceTally>()
  const of = (source: string): SourceTally => {
    const found = tallies.get(source)
    if (found) return found
    const fresh = { source, read: 0, stored: 0, duplicates: 0, quarantined: 0, lastOccurredAt: undefined }
    tallies.set(source, fresh)
    return fresh
  }
  for (const { source } of [...batch.records, ...batch.quarantined]) of(source).read++
  for (const record of admitted.records) {
    const counts = of(record.source)
    counts.stored++
    if (record.isTimed === false) continue
    const occurredAt = Math.min(storableInstant(record.occurredAt), now)
    counts.lastOccurredAt = Math.max(counts.lastOccurredAt ?? -Infinity, occurredAt)
  }
  for (const { source } of admitted.quarantined) of(source).quarantined++
  for (const counts of tallies.values()) counts.duplicates = counts.read - counts.stored - counts.quarantined
  return [...tallies.values()].sort((a, b) => (a.source < b.source ? -1 : 1))
}
