import type { Instant, Key } from '@catena/domain'
import type { ReviewDecision, Outcome } from '../votes/decision.js'
import type { Conflict, Parties } from '../reviewers/independence.js'
import type { LateAspect } from '../watch/changes.js'

interface Event<Type extends string, Data> {
  readonly type: Type
  readonly data: Data & { readonly campaign: string }
}

/** One vote, with all that an auditor asks about it. */
export interface Vote {
  readonly reviewer: Key
  /** In whose place, the first delegator first; they stay accountable. */
  readonly inPlaceOf: readonly Key[]
  /** Whose seat it fills: a reviewer by another name, and whoever stands in for them, have one say together. Votes of earlier versions do not name it. */
  readonly seat?: Key
  readonly decision: ReviewDecision
  readonly reason: string
  readonly stage: number
  /** Hash of the evidence that it was made on. */
  readonly evidenceHash: string
  readonly recommended: string
  readonly isLate: boolean
  /** Made on or after the day on which the reviewer left. */
  readonly isAfterLeaving: boolean
  /** The bulk decision it belongs to. */
  readonly bulk?: string
  /** The reviewer's own id of the command: the same one again changes nothing. */
  readonly request: string
}

/** A try to decide that counts for nothing. */
export interface RefusedTry {
  readonly reviewer: Key
  readonly decision: ReviewDecision
  readonly reason: string
  readonly code: string
  readonly why: string
  readonly request: string
}

export interface Delegation {
  readonly from: Key
  readonly to: Key
  readonly reason: string
}

/** What a statement of what became known after the seal is about. */
export type Contradicted = LateAspect | 'accessor' | 'reviewer' | 'came back'

/** What became known after the seal and speaks against a decision, in words. */
export interface Contradiction {
  readonly about: Contradicted
  readonly why: string
}

/** Where an outcome was decided that serves an item of another campaign too. */
export interface Adopted {
  readonly item: string
  readonly campaign: string
}

export interface RemediationOrder {
  readonly id: string
  readonly outcome: Outcome
  readonly mode: 'automatic' | 'hand-over' | 'report-only'
  readonly dueAt: Instant
  readonly credential: string
  readonly orderedAt: Instant
}

export type ItemEvent =
  | Event<'ReviewItemAssigned', { stage: number; reviewers: readonly Key[]; why: string }>
  | Event<'ReviewItemBlocked', { stage: number; why: string }>
  | Event<'ReviewItemEscalated', { stage: number; step: number; action: string; reviewers: readonly Key[] }>
  | Event<'ReviewDelegated', Delegation>
  | Event<'ReviewCommented', { by: Key; text: string }>
  | Event<'ReviewEvidenceOpened', { reviewer: Key }>
  | Event<'ReviewDecided', Vote & { supersedes: boolean }>
  /** Somebody else was first, or the item had moved on: the try is on record, and counts for nothing. */
  | Event<'ReviewDecisionRefused', RefusedTry>
  | Event<'ReviewStageCompleted', { stage: number }>
  /** `adoptedFrom`: votes on the same access in an overlapping campaign said so. */
  | Event<'ReviewOutcomeSet', { outcome: Outcome; stage: number; adoptedFrom?: Adopted }>
  /** Whoever answers for the credential became known, or somebody else does now. */
  | Event<'ReviewOwnerAttested', { owner: Key; position: number }>
  | Event<'ReviewItemDrifted', { changes: readonly string[]; position: number }>
  | Event<'ReviewItemChangeNoted', { changes: readonly string[]; position: number }>
  | Event<'ReviewItemMoot', { why: string; position: number }>
  | Event<'ReviewItemSuperseded', { by: string; why: string }>
  | Event<'ReviewItemExpired', { stage: number }>
  | Event<'ReviewDecisionImpeached', { why: string; position: number }>
  /** After the seal, which stays as it is. `position`: the cut at which it was seen. */
  | Event<
      'SealedDecisionImpeached',
      { credential: string; subject: string; contradictions: readonly Contradiction[]; position: number }
    >
  /** Who became known as a party to the access after the freeze, whether they review it or not. `position`: the cut at which it was seen. */
  | Event<'ReviewPartiesFound', { parties: Partial<Parties>; position: number }>
  | Event<'ReviewConflictFound', { conflicts: readonly Conflict[] }>
  | Event<'RemediationOrdered', RemediationOrder>
  | Event<'RemediationFailed', { order: string; why: string }>
  | Event<'RemediationApplied', { order: string; how: string }>
  | Event<'RemediationVerified', { order: string; positions: readonly number[]; silentUntil: Instant }>
  | Event<'AccessRegressed', { order: string; position: number; at: Instant }>
  | Event<'ReviewItemClosed', { how: string }>
export type ItemEventType = ItemEvent['type']
