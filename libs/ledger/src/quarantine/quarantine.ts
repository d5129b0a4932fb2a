import type { Instant } from '@catena/domain'
import { idText } from '../batch.js'
import type { NewRecord, QuarantinedRecord } from '../port.js'

/**
 * What became of one attempt. `stored` and `duplicate` close the entry: its record is in the ledger now, or was already.
 * `unreadable`: the bytes were found again, and no connector can read them. `gone`: the bytes are not to be had any more.
 */
export type AttemptOutcome = 'stored' | 'duplicate' | 'unreadable' | 'gone'

/** One attempt to release an entry, on its way into the ledger. */
export type ReleaseAttempt = {
  /** Id of the quarantined record. */
  readonly entry: number
  /** Under which it was read again. */
  readonly source: string
  /** Who asked for it. */
  readonly actor: string
} & ({ readonly record: NewRecord } | { readonly outcome: 'unreadable' | 'gone'; readonly reason: string })

export interface QuarantineRelease {
  readonly entry: number
  readonly outcome: AttemptOutcome
  readonly source: string
  /** Where its record stands in the ledger; of `stored` and `duplicate`. */
  readonly position?: number
  /** Why it stays; of `unreadable` and `gone`. */
  readonly reason?: string
  readonly actor: string
  readonly at: Instant
}

export interface AttemptResult extends QuarantineRelease {
  /** False: the entry was released before, and this says when and how; nothing was written. */
  readonly isNew: boolean
}

/** A quarantined record and what was tried with it. */
export interface QuarantineEntry extends QuarantinedRecord {
  readonly attempts: number
  /** The attempt that released it, else the newest. */
  readonly lastAttempt?: QuarantineRelease
}

export interface QuarantineQuery {
  /** Entries with a greater id, ascending. */
  readonly after?: number
  readonly limit: number
  readonly source?: string
  /** Both where absent. */
  readonly state?: 'open' | 'released'
}

/** Entries of one source; each is open or released. */
export interface QuarantineCounts {
  readonly source: string
  readonly open: number
  readonly released: number
}

/** What could not be read, and its way out. Entries and attempts are only ever added. */
export interface Quarantine {
  quarantineEntries(query: QuarantineQuery): Promise<QuarantineEntry[]>
  quarantineEntry(id: number): Promise<QuarantineEntry | undefined>
  /** Ordered by source. */
  quarantineCounts(): Promise<QuarantineCounts[]>
  /**
   * Stores the records that can be read now, together with what became of each attempt, all or nothing; results in the order given.
   * Counts of the intake do not move, because the record was counted when it was quarantined. Throws RangeError for unknown entries.
   */
  recordReleases(attempts: readonly ReleaseAttempt[]): Promise<AttemptResult[]>
}

/** Attempts of one transaction; the head of the ledger is locked for as long. */
export const ATTEMPTS_MAX = 1_000

export function isReleased({ lastAttempt }: { readonly lastAttempt?: QuarantineRelease | undefined }): boolean {
  return lastAttempt?.outcome === 'stored' || lastAttempt?.outcome === 'duplicate'
}

export function requireAttempts(attempts: readonly ReleaseAttempt[]): void {
  if (attempts.length > ATTEMPTS_MAX) throw new RangeError(`at most ${ATTEMPTS_MAX} attempts are recorded at once`)
  if (new Set(attempts.map(({ entry }) => entry)).size < attempts.length)
    throw new RangeError('an entry is released once at a time')
  if (attempts.some(({ actor }) => actor.trim() === '')) throw new RangeError('a release needs an actor')
}

/** What is written of an attempt. */
export interface AttemptRow extends QuarantineRelease {
  readonly recordId?: Buffer
}

/**
 * The rows of attempts on open entries. `stored`: ids (idText) of the records that are new in the ledger by them;
 * `positionOf`: where a record stands, new or not.
 */
export function attemptRows(
  attempts: readonly ReleaseAttempt[],
  stored: ReadonlySet<NewRecord>,
  positionOf: ReadonlyMap<string, number>,
  at: Instant,
): AttemptRow[] {
  return attempts.map((attempt) => {
    const { entry, source, actor } = attempt
    if (!('record' in attempt)) return { entry, source, actor, at, outcome: attempt.outcome, reason: attempt.reason }
    const { recordId } = attempt.record
    const position = positionOf.get(idText(recordId))
    if (position === undefined) throw new Error('a record of the ledger has no position')
    return {
      entry,
      source,
      actor,
      at,
      outcome: stored.has(attempt.record) ? 'stored' : 'duplicate',
      recordId,
      position,
    }
  })
}

/** Without what only the ledger needs. */
export function releaseIn({ entry, outcome, source, position, reason, actor, at }: AttemptRow): QuarantineRelease {
  const found = position === undefined ? {} : { position }
  return { entry, outcome, source, ...found, ...(reason === undefined ? {} : { reason }), actor, at }
}

/** Results in the order of the attempts: those of closed entries tell of the release before. */
export function attemptResults(
  attempts: readonly ReleaseAttempt[],
  closed: ReadonlyMap<number, QuarantineRelease>,
  rows: readonly AttemptRow[],
): AttemptResult[] {
  const written = new Map(rows.map((row) => [row.entry, releaseIn(row)]))
  return attempts.map(({ entry }) => {
    const before = closed.get(entry)
    if (before !== undefined) return { ...before, isNew: false }
    const release = written.get(entry)
    if (release === undefined) throw new Error(`nothing was written for entry ${entry}`)
    return { ...release, isNew: true }
  })
}
