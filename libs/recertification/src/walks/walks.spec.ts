import { describe, expect, it } from '@jest/globals'
import { CAMPAIGN_TABLE } from '../campaign/state.js'
import { ITEM_TABLE } from '../item/state.js'
import { walkCampaign } from '../testing/walk-campaign.js'
import { walkItem } from '../testing/walk-item.js'

const SEEDS = 1_500

describe('the machines', () => {
  it('R6.2 R6.4 of a review item never leaves its table, never loses or overwrites a decision, never lets anybody review themselves', () => {
    const walks = Array.from({ length: SEEDS }, (_, seed) => walkItem(seed))
    expect(walks.reduce((sum, { events }) => sum + events.length, 0)).toBeGreaterThan(SEEDS)
    for (const count of ['conflicts', 'crashes'] as const)
      expect(walks.reduce((sum, walk) => sum + walk[count], 0)).toBeGreaterThan(SEEDS)
    expect([...new Set(walks.flatMap(({ seen }) => [...seen]))].sort()).toEqual(Object.keys(ITEM_TABLE).sort())
  }, 120_000)

  it('of a campaign never leaves its table, and reaches every status', () => {
    const seen = Array.from({ length: SEEDS }, (_, seed) => [...walkCampaign(seed)]).flat()
    expect([...new Set(seen)].sort()).toEqual(Object.keys(CAMPAIGN_TABLE).sort())
  }, 120_000)
})
