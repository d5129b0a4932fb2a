import { describe, expect, it } from '@jest/globals'
import { frozenState } from '../item/context.js'
import type { ItemState } from '../item/state.js'
import { activeCampaign, frozenItem, identity } from '../testing/campaign.js'
import { whyNotServed, type Side } from './serves.js'

const item = frozenItem()
const campaign = activeCampaign()
const sideIn = (state: ItemState): Side => ({ item, state, campaign })
const decision = { since: 101, voters: [identity('boss')], hasVotesOfLeavers: false }

describe('overlapping campaigns: of an access that changed', () => {
  const giving = sideIn(frozenState(item))
  const blocked: ItemState = { ...frozenState(item), status: 'pending', why: 'its reviewer became a party' }

  it('nothing but a revoke is taken over, also where nobody is left to review it', () => {
    const changed = sideIn({ ...blocked, drift: ['privilege'] })
    expect(whyNotServed(giving, { ...decision, outcome: { kind: 'certify' } }, changed)).toMatch(/confirmed anew/)
    expect(whyNotServed(giving, { ...decision, outcome: { kind: 'revoke' } }, changed)).toBeUndefined()
    expect(whyNotServed(giving, { ...decision, outcome: { kind: 'certify' } }, sideIn(blocked))).toBeUndefined()
  })
})
