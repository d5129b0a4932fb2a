import type { Key } from '@catena/domain'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { loadCampaign } from '../desk/campaigns.js'
import { DAY_MS, definition, identity, LAUNCH, personKey } from '../testing/campaign.js'
import { accessTo, openDeskField, type DeskField } from '../testing/desk-field.js'
import { tick } from '../timers/tick.js'

let field: DeskField
beforeAll(async () => {
  field = await openDeskField()
}, 60_000)
afterAll(() => field.close())

describe('a turn of the timer that cannot give on the work of one campaign of whoever has left', () => {
  it('gives on that of the others, lets them go on, then tells of it', async () => {
    field.startAnew([accessTo(1)])
    const heir = identity('heir').key
    const next = [{ kind: 'group' as const, group: 'group:idp:gone' as Key }, { kind: 'people' as const, people: [heir] }] // prettier-ignore
    for (const [id, rules] of [['a-stuck', next], ['b-goes-on', next.slice(1)], ['c-due', next.slice(1)]] as const) {
      const reviewers = [{ kind: 'people' as const, people: [personKey('boss')] }, ...rules]
      await field.define(id, definition({ stages: [{ name: 'one', fromDay: 0, toDay: 14, quorum: 1, reviewers }] }))
      await field.launch(id)
    } // prettier-ignore
    await field.decide('c-due@run', 1, 'certify')
    await field.becomesKnown({ people: { boss: { leftAt: LAUNCH } } })
    const membersOf = () => Promise.reject(new Error('the group cannot be read'))
    const desk = { ...field.desk, directory: { ...field.desk.directory, membersOf } }
    await expect(tick(desk, LAUNCH + DAY_MS)).rejects.toThrow('the group cannot be read')
    await field.settle()
    const reviewers = async (id: string) => (await field.items(id)).map(({ state }) => state.reviewers)
    expect(await reviewers('a-stuck@run')).toEqual([[personKey('boss')]])
    expect(await reviewers('b-goes-on@run')).toEqual([[heir]])
    expect((await loadCampaign(field.desk, 'c-due@run')).status).toBe('closing')
    await expect(tick(field.desk, LAUNCH + DAY_MS)).resolves.toBeUndefined()
    await field.settle()
    expect(await reviewers('a-stuck@run')).toEqual([[heir]])
  }, 30_000)
})
