import { isRefusal } from '@catena/domain'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { launchCampaign, loadCampaign, scheduleCampaign } from '../desk/campaigns.js'
import type { RecertificationDesk } from '../desk/desk.js'
import type { SourceCompleteness } from '../ports/access-summary.js'
import { definition, LAUNCH, on } from '../testing/campaign.js'
import { accessTo, openDeskField, type DeskField } from '../testing/desk-field.js'

let field: DeskField
beforeAll(async () => {
  field = await openDeskField()
}, 60_000)
afterAll(() => field.close())

const sources = (late: number, of: number): SourceCompleteness[] =>
  Array.from({ length: of }, (_, number) => ({ source: `vault-${number}`, lastPosition: 1, lastHeardAt: 1, isLate: number < late, gaps: [], stored: 1, quarantined: 0 })) // prettier-ignore

describe('a campaign among whose many sources one is late', () => {
  it.each([
    [1, 500, 0, 'blocked'],
    [0, 500, 0, 'active'],
    [7, 100, 7, 'active'],
    [36, 500, 7, 'blocked'],
  ])('R6.1 %s of %s, of at most %s percent: %s', async (late, of, incompletePercentMax, status) => {
    field.startAnew([accessTo(1)])
    const id = `late-${late}-of-${of}`
    await field.define(id, definition({ incompletePercentMax, launchIncomplete: false }))
    const summary: RecertificationDesk['summary'] = {
      ...field.desk.summary,
      completeness: () => Promise.resolve(sources(late, of)),
      pinned: async (work) => work(summary, await field.ledger.head()),
    }
    const desk = { ...field.desk, summary }
    const scheduled = await scheduleCampaign(desk, { definition: id, cause: 'run', at: LAUNCH }, on(0))
    if (isRefusal(scheduled)) throw new Error(scheduled.message)
    await launchCampaign(desk, scheduled.id, on(0))
    expect((await loadCampaign(desk, scheduled.id)).status).toBe(status)
  })
})
