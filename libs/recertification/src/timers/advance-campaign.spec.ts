import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { commandCampaign, loadCampaign, signOffCampaign } from '../desk/campaigns.js'
import type { ItemStatus } from '../item/state.js'
import { definition, on } from '../testing/campaign.js'
import { accessTo, openDeskField, type DeskField } from '../testing/desk-field.js'

let field: DeskField
beforeAll(async () => {
  field = await openDeskField()
}, 60_000)
afterAll(() => field.close())

async function launched(id: string, more: Parameters<typeof definition>[0] = {}): Promise<string> {
  field.startAnew([accessTo(1), accessTo(2)])
  await field.define(id, definition(more))
  return field.launch(id)
}
const statuses = async (id: string): Promise<ItemStatus[]> => (await field.items(id)).map(({ state }) => state.status)
const statusOf = async (id: string): Promise<string> => (await loadCampaign(field.desk, id)).status

/** One is certified and one revoked, and with that the campaign has just closed. */
async function justClosed(name: string): Promise<string> {
  const id = await launched(name)
  await field.decide(id, 1, 'certify')
  await field.decide(id, 2, 'revoke')
  await field.advance(id, 1)
  expect(await statusOf(id)).toBe('closing')
  return id
}

describe('a campaign that has just closed', () => {
  it('R6.5 is signed off only once every decision was brought to its outcome, and says so until then', async () => {
    const id = await justClosed('prompt')
    expect(await signOffCampaign(field.desk, id, 'fine', on(1))).toMatchObject({ refused: 'STILL_OPEN', message: expect.stringMatching(/^the campaign has just closed, and 2 items .* again in a minute/) as unknown }) // prettier-ignore
    await field.advance(id, 1)
    expect(await signOffCampaign(field.desk, id, 'fine', on(1))).toMatchObject({ id })
    await field.settle()
    await field.advance(id, 2)
    expect(await statuses(id)).toEqual(['closed', 'remediating'])
  }, 30_000)

  it.each(['remediating', 'verifying'] as const)('R6.5 orders what was decided also where it is %s by now', async (status) => {
    const id = await justClosed(status)
    await commandCampaign(field.desk, id, { type: 'SignOff', reason: 'fine', undecided: 0 }, on(1))
    if (status === 'verifying') await commandCampaign(field.desk, id, { type: 'FinishRemediation', orders: 0, unapplied: 0 }, on(1))
    await field.settle()
    for (let turn = 0; turn < 3; turn++) await field.advance(id, 2)
    expect(await statuses(id)).toEqual(['closed', 'remediating'])
    expect(await statusOf(id)).toBe(status)
  }, 30_000) // prettier-ignore
})
