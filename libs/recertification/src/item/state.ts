import type { Instant, Key } from '@catena/domain'
import type { Parties } from '../reviewers/independence.js'
import type { Outcome } from '../votes/decision.js'
import type { Adopted, Contradiction, Delegation, ItemEventType, RefusedTry, RemediationOrder, Vote } from './events.js'

export interface CastVote extends Vote {
  readonly at: Instant
}

/** What every status has. */
export interface Item {
  /** From 0. */
  readonly stage: number
  readonly reviewers: readonly Key[]
  readonly delegations: readonly Delegation[]
  /** Every vote ever cast, in order; a later one of the same seat and stage supersedes, and both stay. */
  readonly votes: readonly CastVote[]
  /** Votes before this one were made on evidence that has drifted, or in a stage that is over. */
  readonly countFrom: number
  /** The votes behind what the stages that are over came to, and behind the outcome once it is set: those that no longer counted then are none of them. */
  readonly restedOn?: readonly CastVote[]
  /** What changed materially, so that votes from before it count no more; until the stage is over, whatever becomes of the item meanwhile. */
  readonly drift?: readonly string[] | undefined
  /** All that changed materially since the freeze, oldest first, in whatever stage: whoever decides has to know it, since the evidence is as it was frozen. */
  readonly changedSince?: readonly string[]
  /** What earlier stages came to. */
  readonly stageOutcomes: readonly Outcome[]
  readonly opened: readonly { readonly reviewer: Key; readonly at: Instant }[]
  /** What reviewers and managers said without deciding, in order. */
  readonly comments?: readonly ItemComment[]
  /** Tries to decide that were refused and are on record. */
  readonly refused: readonly RefusedTry[]
  /** Steps of the ladder that were climbed in this stage. */
  readonly escalations: readonly number[]
  readonly isImpeached: boolean
  /** Why it was, before the seal. */
  readonly impeachedBy?: string
  /** What became known after the seal and speaks against the decision, in the order in which it was seen. */
  readonly sinceSeal?: readonly SinceSeal[]
  /** Who became known as a party to the access after the freeze, whether they review it or not. */
  readonly parties?: Parties
  /** Who became known as a party to the access after the freeze: their say counts no more, and what it decided is impeached where it was fixed. */
  readonly excluded?: readonly Key[]
  /** Cut up to which changes of the access were noted; what was so before it is no news. */
  readonly notedAt?: number
  /** Who answers for the credential, where that became known after the freeze. */
  readonly owner?: Key
  readonly adoptedFrom?: Adopted
  /** Counts what matters for a decision: who decides says which of them they saw. */
  readonly revision: number
}
export interface ItemComment {
  readonly by: Key
  readonly text: string
  readonly at: Instant
}
export interface SinceSeal extends Contradiction {
  readonly at: Instant
  /** The cut at which it was seen. */
  readonly position: number
}
interface WithOutcome {
  readonly outcome: Outcome
}
interface WithOrder extends WithOutcome {
  readonly order: RemediationOrder
}

/** A state that is none of these cannot be written. */
export type ItemState = Item &
  (
    | { readonly status: 'pending'; readonly why: string }
    | { readonly status: 'assigned' }
    | { readonly status: 'escalated' }
    | { readonly status: 'drifted'; readonly changes: readonly string[] }
    /** Votes of the stage say what it comes to; they may still be superseded. */
    | ({ readonly status: 'decided' } & WithOutcome)
    | ({ readonly status: 'outcome set' } & WithOutcome)
    | ({ readonly status: 'remediating' } & WithOrder)
    | ({ readonly status: 'apply failed'; readonly why: string } & WithOrder)
    | ({ readonly status: 'applied'; readonly appliedAt: Instant } & WithOrder)
    | ({ readonly status: 'verified' } & WithOrder)
    | ({ readonly status: 'regressed'; readonly position: number } & WithOrder)
    | { readonly status: 'closed'; readonly how: string; readonly outcome?: Outcome; readonly order?: RemediationOrder }
    | { readonly status: 'expired unreviewed' }
    | { readonly status: 'moot'; readonly why: string; readonly position: number }
    | { readonly status: 'superseded'; readonly by: string }
  )
export type ItemStatus = ItemState['status']

/** Why an item waits that is between two stages; for anything else it is blocked. */
export const NEXT_STAGE_WAITS = 'the next stage has not begun'

/** Votes are still taken. */
export const OPEN: ReadonlySet<ItemStatus> = new Set(['pending', 'assigned', 'escalated', 'drifted', 'decided'])

const SIDES = ['ReviewItemMoot', 'ReviewItemSuperseded', 'ReviewItemExpired'] as const
const NOTES = [
  'ReviewCommented',
  'ReviewEvidenceOpened',
  'ReviewDecisionRefused',
  'ReviewItemChangeNoted',
  'ReviewPartiesFound',
  'ReviewConflictFound',
  'ReviewOwnerAttested',
] as const
const WORK = [
  'ReviewItemAssigned',
  'ReviewItemBlocked',
  'ReviewItemEscalated',
  'ReviewDelegated',
  'ReviewDecided',
  'ReviewItemDrifted',
  ...SIDES,
  ...NOTES,
] as const

/** Which events may follow in which status: the whole machine. */
export const ITEM_TABLE: Readonly<Record<ItemStatus, readonly ItemEventType[]>> = {
  pending: ['ReviewOutcomeSet', 'ReviewItemAssigned', 'ReviewItemBlocked', 'ReviewItemDrifted', ...SIDES, ...NOTES],
  assigned: [...WORK, 'ReviewOutcomeSet'],
  escalated: [...WORK, 'ReviewOutcomeSet'],
  drifted: [...WORK, 'ReviewOutcomeSet'],
  decided: [...WORK.filter((type) => type !== 'ReviewItemBlocked'), 'ReviewStageCompleted', 'ReviewOutcomeSet'],
  'outcome set': ['RemediationOrdered', 'ReviewItemClosed', 'ReviewDecisionImpeached', 'ReviewItemMoot', ...NOTES],
  remediating: ['RemediationApplied', 'RemediationFailed', 'RemediationVerified', 'AccessRegressed', 'ReviewDecisionImpeached', 'ReviewItemMoot', ...NOTES],
  'apply failed': ['RemediationOrdered', 'RemediationApplied', 'ReviewDecisionImpeached', 'ReviewItemMoot', ...NOTES],
  applied: ['RemediationVerified', 'RemediationFailed', 'AccessRegressed', 'ReviewDecisionImpeached', 'ReviewItemMoot', ...NOTES],
  verified: ['ReviewItemClosed', 'AccessRegressed', 'ReviewDecisionImpeached', ...NOTES],
  regressed: ['RemediationOrdered', 'ReviewDecisionImpeached', 'SealedDecisionImpeached', 'ReviewItemMoot', ...NOTES],
  closed: ['AccessRegressed', 'ReviewDecisionImpeached', 'SealedDecisionImpeached', 'ReviewPartiesFound', 'ReviewConflictFound', 'ReviewDecisionRefused', 'ReviewCommented'],
  'expired unreviewed': ['ReviewDecisionRefused', 'ReviewCommented', 'ReviewEvidenceOpened'],
  moot: ['ReviewDecisionRefused', 'ReviewCommented', 'ReviewEvidenceOpened'],
  superseded: ['ReviewDecisionRefused', 'ReviewCommented', 'ReviewEvidenceOpened'],
} // prettier-ignore

/** The latest vote of each seat that counts: earlier ones are superseded. The say of whoever became known as a party counts no more, as if it had been refused. */
export function standingVotes({
  votes,
  countFrom,
  excluded,
}: Pick<Item, 'votes' | 'countFrom' | 'excluded'>): CastVote[] {
  return latest(votes.slice(countFrom).filter((vote) => !isOfExcluded(vote, excluded)))
}

/**
 * The votes behind what every stage comes to, this one among them, when it is over. Where those that stand decide nothing, an event of an earlier
 * version ended the stage, which let the say of a party count.
 */
export function votesBehind(state: ItemState): CastVote[] {
  const { restedOn = [], votes, countFrom } = state
  return [...restedOn, ...(state.status === 'decided' ? standingVotes(state) : latest(votes.slice(countFrom)))]
}

function latest(votes: readonly CastVote[]): CastVote[] {
  return votes.reduce<CastVote[]>((standing, vote) => [...standing.filter((earlier) => !supersedes(vote, earlier)), vote], [])
} // prettier-ignore

/** The same reviewer again, or the same seat. A vote that names no seat takes the place of what the same reviewer said alone. */
export function supersedes(later: Pick<Vote, 'reviewer' | 'seat'>, earlier: Vote): boolean {
  return earlier.reviewer === later.reviewer || (later.seat !== undefined && seatOf(earlier) === later.seat)
}

export function seatOf({ seat, inPlaceOf, reviewer }: Pick<Vote, 'seat' | 'inPlaceOf' | 'reviewer'>): Key {
  return seat ?? inPlaceOf[0] ?? reviewer
}

/** Was it cast by, or in the place of, somebody who became known as a party? */
export function isOfExcluded({ reviewer, inPlaceOf }: Pick<Vote, 'reviewer' | 'inPlaceOf'>, excluded: readonly Key[] = []): boolean {
  return [reviewer, ...inPlaceOf].some((key) => excluded.includes(key))
} // prettier-ignore

export function isNote(type: ItemEventType): boolean {
  return (NOTES as readonly string[]).includes(type)
}
