import type { Instant } from '@catena/domain'

/** What a reviewer may say of an item, strongest first: any revoke > modify > exception > certify > abstain. */
export const DECISION_KINDS = ['revoke', 'modify', 'exception', 'certify', 'abstain'] as const
export type DecisionKind = (typeof DECISION_KINDS)[number]

/** The access must end. */
export interface Revoke {
  readonly kind: 'revoke'
}
/** The access may stay, narrowed. */
export interface Modify {
  readonly kind: 'modify'
  /** What remains, as the grant words it; undefined: the scope stays as it is. */
  readonly scope?: readonly string[]
  /** End of the window; undefined: the window stays as it is. */
  readonly until?: Instant
}
/** The access breaks a rule and is tolerated until it expires. */
export interface Exception {
  readonly kind: 'exception'
  readonly until: Instant
  readonly compensatingControls: readonly string[]
}
export interface Certify {
  readonly kind: 'certify'
}
/** The reviewer cannot judge it: no vote for anything. */
export interface Abstain {
  readonly kind: 'abstain'
}

export type ReviewDecision = Revoke | Modify | Exception | Certify | Abstain
/** What a review can end with. Neither silence nor abstention is among them. */
export type Outcome = Exclude<ReviewDecision, Abstain>
