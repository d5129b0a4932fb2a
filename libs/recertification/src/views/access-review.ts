import { isDeepStrictEqual } from 'node:util'
import type { Decided, Instant } from '@catena/domain'
import type { ItemEvent } from '../item/events.js'
import { OPEN, type ItemState } from '../item/state.js'
import type { Outcome } from '../votes/decision.js'

/** What one review item says of its access, for whoever asks whether the access was reviewed. */
export interface AccessReview {
  /** `kept`: it may stay; `taken`: it must end or be narrowed; `gone`: there was nothing left to review. */
  readonly answer: 'open' | 'unanswered' | 'kept' | 'taken' | 'gone'
  readonly outcome?: Outcome['kind']
  /** When the newest vote that counts was cast; absent where silence decided. */
  readonly decidedAt?: Instant
  /** End of an exception. */
  readonly until?: Instant
  /** By when what was taken has to be gone; absent while nothing is ordered yet. */
  readonly dueAt?: Instant
  /** The ledger shows that what was taken is gone. */
  readonly isProven: boolean
  /** Later evidence speaks against the decision, or the access came back. */
  readonly isContradicted: boolean
}

/** A review and the decisions that it rests on. */
export interface ToldReview {
  readonly review: AccessReview
  readonly positions: readonly number[]
}

/** After one more event of the item; the same object where it says nothing new. */
export function reviewAfter(
  before: ToldReview | undefined,
  state: ItemState,
  event: ItemEvent,
  { by, position }: { readonly by: Decided; readonly position: number },
): ToldReview | undefined {
  const isVote = event.type === 'ReviewDecided'
  const review = reviewOf(state, isVote ? by.at : before?.review.decidedAt)
  if (!isVote && before === undefined && review.answer === 'open') return undefined
  // The one before may come from the view, which keeps its members in another order.
  if (!isVote && before !== undefined && isDeepStrictEqual(before.review, review)) return before
  return { review, positions: [...(before?.positions ?? []), position] }
}

function reviewOf(state: ItemState, decidedAt: Instant | undefined): AccessReview {
  const common = {
    ...(decidedAt === undefined ? {} : { decidedAt }),
    isProven: false,
    isContradicted: state.isImpeached || state.status === 'regressed',
  }
  if (OPEN.has(state.status)) return { ...common, answer: 'open' }
  if (state.status === 'moot' || state.status === 'superseded') return { ...common, answer: 'gone' }
  if (!('outcome' in state)) return { ...common, answer: 'unanswered' }
  const { kind } = state.outcome
  if (kind === 'certify') return { ...common, answer: 'kept', outcome: kind }
  if (kind === 'exception') return { ...common, answer: 'kept', outcome: kind, until: state.outcome.until }
  return { ...common, answer: 'taken', outcome: kind, ...carriedOut(state, decidedAt) }
}

/** What is only reported is carried out by nobody: it was due when it was decided. */
function carriedOut(state: ItemState, decidedAt: Instant | undefined): Pick<AccessReview, 'isProven' | 'dueAt'> {
  const order = 'order' in state ? state.order : undefined
  const isProven = order !== undefined && (state.status === 'verified' || state.status === 'closed')
  const dueAt = order?.dueAt ?? (state.status === 'closed' ? (decidedAt ?? 0) : undefined)
  return { isProven, ...(dueAt === undefined ? {} : { dueAt }) }
}
