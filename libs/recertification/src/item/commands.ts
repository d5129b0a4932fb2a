import type { Instant, Key } from '@catena/domain'
import type { Identity } from '../ports/people.js'
import type { Conflict, Parties } from '../reviewers/independence.js'
import type { Outcome, ReviewDecision } from '../votes/decision.js'
import type { Adopted, Contradiction, RemediationOrder } from './events.js'

/** A vote as it comes in. */
export interface Decide {
  readonly type: 'Decide'
  readonly reviewer: Identity
  /** Those in whose place somebody may review, by key: everybody assigned, and everybody who delegated. */
  readonly others: ReadonlyMap<Key, Identity>
  readonly decision: ReviewDecision
  readonly reason: string
  /** An id of the reviewer's own: another one's request of the same name is another one. */
  readonly request: string
  /** Revision that the reviewer saw; undefined: whatever stands. */
  readonly saw: number | undefined
  readonly bulk: string | undefined
  /** Given for this item alone, not for all of a bulk decision. */
  readonly isReasonOwn: boolean
}

export type ItemCommand =
  | Decide
  | { readonly type: 'Assign'; readonly stage: number; readonly reviewers: readonly Identity[]; readonly why: string }
  | { readonly type: 'Block'; readonly stage: number; readonly why: string }
  | { readonly type: 'Escalate'; readonly step: number; readonly action: string; readonly reviewers: readonly Identity[] }
  | { readonly type: 'Delegate'; readonly from: Identity; readonly to: Identity; readonly others: ReadonlyMap<Key, Identity>; readonly reason: string }
  /** `asManager`: whoever runs the campaign may comment on items that are not theirs to review. */
  | { readonly type: 'Comment'; readonly by: Identity; readonly text: string; readonly asManager: boolean }
  | { readonly type: 'OpenEvidence'; readonly reviewer: Identity }
  /** The stage is over: what it came to stands, and the next begins or the outcome is set. */
  | { readonly type: 'CompleteStage' }
  /** Time is up: expires what nobody answered. */
  | { readonly type: 'Finish' }
  | { readonly type: 'NoteChange'; readonly changes: readonly string[]; readonly isMaterial: boolean; readonly position: number }
  | { readonly type: 'NoteGone'; readonly why: string; readonly position: number }
  | { readonly type: 'Supersede'; readonly by: string; readonly why: string }
  | { readonly type: 'Impeach'; readonly why: string; readonly position: number }
  /** After the seal: everything that speaks against the decision as it is known at the cut; what was said before is no news. */
  | { readonly type: 'NoteSinceSeal'; readonly contradictions: readonly Contradiction[]; readonly position: number }
  /** What an overlapping campaign decided about the same access. */
  | { readonly type: 'Adopt'; readonly outcome: Outcome; readonly from: Adopted }
  | { readonly type: 'NoteOwner'; readonly owner: Key; readonly position: number }
  /** Everybody who is a party to the access as it is known at the cut, whether they review it or not. */
  | { readonly type: 'NoteParties'; readonly parties: Parties; readonly position: number }
  | { readonly type: 'NoteConflicts'; readonly conflicts: readonly Conflict[] }
  | { readonly type: 'OrderRemediation'; readonly order: Omit<RemediationOrder, 'outcome' | 'orderedAt'> }
  | { readonly type: 'NoteApplied'; readonly how: string }
  | { readonly type: 'NoteFailed'; readonly why: string }
  | { readonly type: 'NoteVerified'; readonly positions: readonly number[]; readonly silentUntil: Instant }
  | { readonly type: 'NoteRegressed'; readonly position: number; readonly at: Instant }
  | { readonly type: 'Close'; readonly how: string }
  /** What silence ends with where somebody looked at the impact. */
  | { readonly type: 'SetDefault'; readonly outcome: Outcome } // prettier-ignore

export type ItemCode =
  | 'NOT_A_REVIEWER' | 'CONFLICT_OF_INTEREST' | 'DECIDED_MEANWHILE' | 'NOT_OPEN' | 'CAMPAIGN_PAUSED' | 'CAMPAIGN_CLOSED' | 'CAMPAIGN_SEALED'
  | 'STAGE_NOT_OPEN' | 'REASON_NEEDED' | 'BAD_DECISION' | 'REQUEST_REUSED' | 'NOT_IN_BULK' | 'EVIDENCE_STALE' | 'DELEGATION_TOO_LONG' | 'DELEGATION_CYCLE'
  | 'WRONG_STATUS' | 'HAS_LEFT' | 'OWNER_FIRST' // prettier-ignore
