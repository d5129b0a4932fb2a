import { NEXT_STAGE_WAITS, type ItemState } from '../item/state.js'
import type { FrozenItem } from '../population/frozen-item.js'

/** Why a person does not review who is no party to the access. */
export const LEFT = 'has left'
/** What a person did; anything else is what they are to the access. */
const DEEDS: readonly string[] = [LEFT, 'triggered the CI run']

type Reviewed = Pick<FrozenItem, 'reviewers' | 'notReviewers' | 'owner'>

/** Why nobody could review an item when it was frozen, or can now; undefined: somebody could, and can. */
export function whyBlocked({ reviewers, notReviewers, owner }: Reviewed, state: ItemState): string | undefined {
  if (reviewers.length > 0) return state.status === 'pending' && state.why !== NEXT_STAGE_WAITS ? state.why : undefined
  const passedOver = notReviewers.map(({ person, why }) => (DEEDS.includes(why) ? `${person} ${why}` : `${person} is its ${why}`)) // prettier-ignore
  if (passedOver.length > 0) return `none of whom the reviewer rules name may review it: ${passedOver.join(', ')}`
  return `no reviewer rule names anybody${owner === undefined ? '; no owner is on record' : ''}`
} // prettier-ignore
