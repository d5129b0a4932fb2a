import type { Instant, Key } from '@catena/domain'
import type { Accessor } from './accessor.js'

/** Whom a review is about, as it was called when the campaign asked. */
export interface Reviewed {
  readonly kind: 'person' | 'workload' | 'shared' | 'ambiguous' | 'unknown'
  readonly name: string
  /** With all its aliases; of an ambiguous one those of all candidates. */
  readonly keys: readonly Key[]
}

/** What a recertification campaign says of one access, as known at a cut. A voided campaign says nothing. */
export interface AccessReview {
  /** Id of the review item, and of its campaign. */
  readonly item: string
  readonly campaign: string
  readonly of: Reviewed
  readonly askedAt: Instant
  /**
   * `open`: still asked. `unanswered`: the campaign ended without an answer. `kept`: it may stay. `taken`: it must end or be narrowed. `gone`: there
   * was nothing left to review.
   */
  readonly answer: 'open' | 'unanswered' | 'kept' | 'taken' | 'gone'
  /** While it is open: by when the campaign wants an answer; absent where it has not begun. */
  readonly answerBy?: Instant
  readonly decidedAt?: Instant
  /** End of an exception that the reviewers made. */
  readonly until?: Instant
  /** By when what was taken has to be gone; absent while nothing is ordered yet. */
  readonly dueAt?: Instant
  /** Records show that what was taken is gone. */
  readonly isProven: boolean
  /** Later evidence speaks against the decision, or the access came back. */
  readonly isContradicted: boolean
  readonly positions: readonly number[]
}

/** Is the review about this accessor? Names may have been joined since: one key in common is enough, of candidates all of them. */
export function isAbout({ of }: AccessReview, { kind, name, keys, reason }: Accessor): boolean {
  if (kind === 'shared') return of.kind === 'shared' && of.name === name
  if (kind === 'ambiguous') return of.kind === 'ambiguous' && sameKeys(of.keys, keys)
  if (kind === 'unknown' || keys.length === 0)
    return of.kind === 'unknown' && of.name === `${name}: ${reason ?? 'not recorded'}`
  return (of.kind === 'person' || of.kind === 'workload') && keys.some((key) => of.keys.includes(key))
}

function sameKeys(a: readonly Key[], b: readonly Key[]): boolean {
  return a.length === b.length && a.every((key) => b.includes(key))
}
