import type { CampaignState } from '@catena/recertification'
import { describe, expect, it } from '@jest/globals'
import { Quiet, QUIET_MS } from './quiet.js'

const campaign = (more: object = {}) =>
  ({ id: 'c1', status: 'active', stage: 0, reminders: [], supplements: [], ...more }) as unknown as Extract<CampaignState, { status: 'active' }> // prettier-ignore

describe('a campaign of which everybody has heard', () => {
  it('is left alone until an occasion comes, somebody new may be asked, or the time is over', () => {
    const quiet = new Quiet()
    expect(quiet.holds(campaign(), 0)).toBe(false)
    quiet.note(campaign(), 0)
    expect(quiet.holds(campaign(), QUIET_MS - 1)).toBe(true)
    expect(quiet.holds(campaign(), QUIET_MS)).toBe(false)
    for (const news of [{ reminders: ['remind 0/7'] }, { stage: 1 }, { supplements: [{}] }, { id: 'c2' }])
      expect(quiet.holds(campaign(news), 1)).toBe(false)
  })
})
