/** What can be wrong with a ledger. */
export type FindingKind =
  /** No event stands at these positions, and no archive was declared for them. */
  | 'event-missing'
  /** An event stands behind the head. */
  | 'event-beyond-head'
  /** The payload is not the one that was hashed. */
  | 'payload-altered'
  /** Payload or salt are gone without a tombstone that names the position. */
  | 'payload-missing'
  /** Something else of the event, its position included, is not what was hashed. */
  | 'envelope-altered'
  /** The key by which a repetition of this record is known is missing, or leads elsewhere. */
  | 'source-key-missing'
  /** A key leads to a position where its record does not stand. */
  | 'source-key-astray'
  /** The event is not the next of its stream. */
  | 'stream-version-wrong'
  /** The head of a stream is not the version of its last event. */
  | 'stream-head-wrong'
  /** Records counted at intake are not the records stored. */
  | 'intake-unbalanced'
  /** A release from quarantine names a record that does not stand where it says, or an entry that is not there. */
  | 'release-wrong'
  /** Offsets consumed are not the records read and the holes. */
  | 'lane-unbalanced'
  /** A range counts as detached that no declaration in the ledger covers, or its file is missing or altered. */
  | 'archive-wrong'

export interface Finding {
  readonly kind: FindingKind
  /** Where; findings about counters and keys of whole streams have none. */
  readonly position?: number
  /** Of a range of positions. */
  readonly last?: number
  /** Never content of an event. */
  readonly detail: string
}

/** Enough to see what happened; a ledger that was rewritten from end to end need not be listed event by event. */
export const FINDINGS_MAX = 1_000

/** Collects findings in bounded memory. */
export class Findings {
  readonly list: Finding[] = []
  /** All that were found, listed or not. */
  count = 0

  add(finding: Finding): void {
    if (this.extendsLast(finding)) return
    this.count++
    if (this.list.length < FINDINGS_MAX) this.list.push(finding)
  }

  /** A gap over several pages is one finding. */
  private extendsLast({ kind, position, last, detail }: Finding): boolean {
    const before = this.list.at(-1)
    if (kind !== 'event-missing' || before?.kind !== kind || position === undefined || last === undefined) return false
    if (before.last !== position - 1 || before.detail !== detail) return false
    this.list[this.list.length - 1] = { ...before, last }
    return true
  }
}
