import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { commandCampaign, loadCampaign, signOffCampaign } from '../desk/campaigns.js'
import { decideItems } from '../desk/items.js'
import type { ItemStatus } from '../item/state.js'
import { definition, identity, on, personKey } from '../testing/campaign.js'
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

const reviewedBy = (name: string) => [{ kind: 'people' as const, people: [personKey(name)] }]
/** The second begins some days after the end of the first. */
const TWO_STAGES = [
  { name: 'one', fromDay: 0, toDay: 7, quorum: 1, reviewers: reviewedBy('boss') },
  { name: 'two', fromDay: 10, toDay: 17, quorum: 1, reviewers: reviewedBy('second') },
]
async function certifiedBy(id: string, number: number, reviewer: string, day: number): Promise<void> {
  const item = (await field.items(id)).find((one) => one.item.number === number)?.item.id ?? ''
  const asked = { items: [item], decision: { kind: 'certify' as const }, reason: 'looked', request: 'one' }
  expect(await decideItems(field.desk, asked, identity(reviewer), on(day, personKey(reviewer)))).toMatchObject({ items: [item] }) // prettier-ignore
  await field.settle()
}

describe('a campaign of two stages', () => {
  it.each(['hand-over', 'report-only', 'automatic'] as const)('R6.4 asks the second although everybody answered the first before its end (%s)', async (remediation) => {
    const id = await launched(`early-${remediation}`, { stages: TWO_STAGES, remediation })
    for (const number of [1, 2]) await field.decide(id, number, 'certify')
    for (const day of [1, 1, 8, 11, 11]) await field.advance(id, day)
    expect(await statusOf(id)).toBe('active')
    expect(await statuses(id)).toEqual(['assigned', 'assigned'])
    for (const number of [1, 2]) await certifiedBy(id, number, 'second', 12)
    for (const day of [12, 12]) await field.advance(id, day)
    expect(await statuses(id)).toEqual(['outcome set', 'outcome set'])
    expect(await statusOf(id)).toBe('closing')
  }, 30_000) // prettier-ignore

  it('R6.4 asks the second about what was answered late in the first', async () => {
    const id = await launched('late', { stages: TWO_STAGES })
    await field.decide(id, 1, 'certify')
    for (const day of [8, 11, 11]) await field.advance(id, day)
    await certifiedBy(id, 1, 'second', 12)
    await certifiedBy(id, 2, 'boss', 12)
    for (const day of [12, 12]) await field.advance(id, day)
    expect(await statusOf(id)).toBe('active')
    expect((await field.items(id)).map(({ state: { status, stage } }) => [status, stage])).toEqual([['decided', 1], ['assigned', 1]]) // prettier-ignore
  }, 30_000)

  it('R6.5 closes early where nothing is left to ask: everything was revoked', async () => {
    const id = await launched('revoked', { stages: TWO_STAGES })
    for (const number of [1, 2]) await field.decide(id, number, 'revoke')
    for (const day of [1, 1]) await field.advance(id, day)
    expect(await statuses(id)).toEqual(['outcome set', 'outcome set'])
  }, 30_000)
})

describe('the ladder for what is overdue', () => {
  it('R6.5 ends nothing that was answered on time and waits for its second stage', async () => {
    const id = await launched('ladder', { stages: TWO_STAGES, silence: 'revoke', escalation: [{ afterDays: 1, action: 'default-outcome' }] }) // prettier-ignore
    await commandCampaign(field.desk, id, { type: 'NoteImpactSeen' }, on(1))
    await field.decide(id, 1, 'certify')
    for (const day of [8, 8]) await field.advance(id, day)
    expect((await field.items(id)).map(({ state: { status, stage } }) => [status, stage])).toEqual([['pending', 1], ['outcome set', 0]]) // prettier-ignore
  }, 30_000)
})

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
