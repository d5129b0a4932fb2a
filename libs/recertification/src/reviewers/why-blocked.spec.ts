import { describe, expect, it } from '@jest/globals'
import { frozenState } from '../item/context.js'
import { NEXT_STAGE_WAITS, type ItemState } from '../item/state.js'
import { personKey } from '../testing/campaign.js'
import { whyBlocked } from './why-blocked.js'

const [ada, bob] = [personKey('ada'), personKey('bob')]
const nobody = { reviewers: [], notReviewers: [], owner: undefined }
const reviewed = { ...nobody, reviewers: [bob] }
const waits = (why: string): ItemState => ({ ...frozenState({ reviewers: [] }), status: 'pending', why })

describe('an item that nobody may review', () => {
  it('R6.2 names each whom a rule named, with the reason', () => {
    const passedOver = { ...nobody, owner: ada, notReviewers: [{ person: ada, why: 'accessor' }, { person: bob, why: 'has left' }, { person: bob, why: 'triggered the CI run' }] } // prettier-ignore
    expect(whyBlocked(passedOver, frozenState(passedOver))).toBe(
      `none of whom the reviewer rules name may review it: ${ada} is its accessor, ${bob} has left, ${bob} triggered the CI run`,
    )
  })

  it('R6.1 says that no rule named anybody, and whether an owner is on record', () => {
    expect(whyBlocked(nobody, frozenState(nobody))).toBe('no reviewer rule names anybody; no owner is on record')
    expect(whyBlocked({ ...nobody, owner: ada }, frozenState(nobody))).toBe('no reviewer rule names anybody')
  })

  it('R6.1 is one that was blocked later, too, and none that waits for its next stage or has somebody', () => {
    expect(whyBlocked(reviewed, waits('nobody is eligible to review it'))).toBe('nobody is eligible to review it')
    expect(whyBlocked(reviewed, waits(NEXT_STAGE_WAITS))).toBeUndefined()
    expect(whyBlocked(reviewed, frozenState(reviewed))).toBeUndefined()
  })
})
