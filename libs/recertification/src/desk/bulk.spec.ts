import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { definition, identity, on, personKey } from '../testing/campaign.js'
import { accessTo, openDeskField, type DeskField } from '../testing/desk-field.js'
import { commandCampaign } from './campaigns.js'
import { decideItems, type VoteAsked } from './items.js'

const RISKY = { privileged: true, accessor: { kind: 'shared' as const, name: 'root' }, chain: 'missing' as const }

let field: DeskField
beforeAll(async () => {
  field = await openDeskField()
}, 60_000)
afterAll(() => field.close())

async function launched(id: string): Promise<readonly string[]> {
  field.startAnew([1, 2, 3].map((number) => accessTo(number, RISKY)))
  const stages = [{ name: 'one', fromDay: 0, toDay: 14, quorum: 1, reviewers: [{ kind: 'people' as const, people: [personKey('boss')] }] }]
  await field.define(id, definition({ stages }))
  return (await field.items(await field.launch(id))).map(({ item }) => item.id)
} // prettier-ignore

const revoke = (items: readonly string[], more: Partial<VoteAsked> = {}, desk = field.desk) =>
  decideItems(desk, { items, decision: { kind: 'revoke' }, reason: 'all the same', request: 'b', ...more }, identity('boss'), on(1)) // prettier-ignore
const reasonsFor = (items: readonly string[]) => new Map(items.map((item) => [item, `looked at ${item}`]))

describe('a bulk decision above the risk', () => {
  it('R6.7 takes a reason of its own for each item, not one for all; else nothing of it is decided', async () => {
    const items = await launched('risky')
    const head = await field.ledger.head()
    expect(await revoke(items)).toMatchObject({ refused: 'REASON_NEEDED', item: items[0] })
    const but = await revoke(items, { reasons: reasonsFor(items.slice(0, 2)) })
    expect(but).toMatchObject({ refused: 'REASON_NEEDED', item: items[2], message: expect.stringMatching(/key-3 with .*root.* is \d+: above 60/) as unknown }) // prettier-ignore
    expect(await revoke(items, { reasons: new Map([...reasonsFor(items), [items[1]!, ' ']]) })).toMatchObject({ item: items[1] }) // prettier-ignore
    expect(await field.ledger.head()).toBe(head)
    expect(await revoke(items, { reasons: reasonsFor(items) })).toMatchObject({ items })
    const stand = await field.items('risky@run')
    expect(stand.map(({ state }) => state.votes.map(({ reason }) => reason))).toEqual(items.map((item) => [`looked at ${item}`])) // prettier-ignore
    const decided = await field.ledger.head()
    await revoke(items, { reasons: reasonsFor(items) })
    expect(await field.ledger.head()).toBe(decided)
  }, 30_000)

  it('R6.4 counts for nothing where the campaign was paused while it was being cast', async () => {
    const items = await launched('moved')
    const { desk } = field
    let moves = 0
    const streams: typeof desk.streams = Object.assign(Object.create(desk.streams) as typeof desk.streams, {
      appendTogether: async (...appends: Parameters<typeof desk.streams.appendTogether>) => {
        if (moves++ === 0) await commandCampaign(desk, 'moved@run', { type: 'PauseCampaign', why: 'wait' }, on(1))
        return desk.streams.appendTogether(...appends)
      },
    })
    expect(await revoke(items, { reasons: reasonsFor(items) }, { ...desk, streams })).toMatchObject({
      refused: 'CAMPAIGN_PAUSED',
    })
    await field.settle()
    expect((await field.items('moved@run')).flatMap(({ state }) => state.votes)).toEqual([])
  }, 30_000)
})

describe('a bulk decision over what changed since it was looked at', () => {
  it('R6.4 is refused with the item that drifted, and decides it only by the revision that was seen of it', async () => {
    const rows = [1, 2].map((number) => accessTo(number))
    field.startAnew(rows)
    await field.define('drifting', definition())
    const id = await field.launch('drifting')
    const items = (await field.items(id)).map(({ item }) => item.id)
    await field.becomesKnown({ rows: [rows[0]!, accessTo(2, { privileged: true })] })
    await field.advance(id, 1)
    expect(await revoke(items)).toMatchObject({ refused: 'NOT_IN_BULK', item: items[1], message: expect.stringMatching(/key-2 .* changed since it was frozen \(.*privilege.*decide it by itself/) as unknown }) // prettier-ignore
    const saws = (...revisions: number[]) => new Map(items.map((item, index) => [item, revisions[index]!]))
    const stale = await revoke(items, { saws: saws(0, 0), request: 'stale', reasons: reasonsFor(items) })
    expect(stale).toMatchObject({ refused: 'DECIDED_MEANWHILE', item: items[1], message: expect.stringContaining('key-2') as unknown }) // prettier-ignore
    expect((await field.items(id)).flatMap(({ state }) => state.votes)).toEqual([])
    expect(await revoke(items, { saws: saws(0, 1), request: 'seen', reasons: reasonsFor(items) })).toMatchObject({ items }) // prettier-ignore
    expect((await field.items(id)).map(({ state }) => state.status)).toEqual(['decided', 'decided'])
  }, 30_000)
})
