import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { definition, personKey } from '../testing/campaign.js'
import { accessTo, openDeskField, type DeskField } from '../testing/desk-field.js'
import { blockedItems } from './work.js'
import { commandItems } from './items.js'

let field: DeskField
beforeAll(async () => {
  field = await openDeskField()
}, 60_000)
afterAll(() => field.close())

const boss = { kind: 'person' as const, key: personKey('boss'), name: 'boss', aliases: [] }
const by = { actor: 'person:manager', at: 0 }

describe('blocked items of a campaign', () => {
  it('R6.1 are those of the freeze and those since, in order and page by page, whatever their names say', async () => {
    const liar = { system: 'vault/prod', container: 'secret/', path: '"reviewers":[]' }
    const rows = [accessTo(1), accessTo(2, { accessor: boss }), accessTo(3), accessTo(4, { accessor: boss }), accessTo(5)]
    field.startAnew([...rows, { ...accessTo(6), credential: { ...accessTo(6).credential, ...liar } }])
    await field.define('some', definition())
    const id = await field.launch('some')
    const numbers = async (limit: number, after?: readonly string[]) =>
      (await blockedItems(field.desk.pool, id, limit, after)).map(({ item }) => item.number)
    expect(await numbers(10)).toEqual([2, 4])
    const third = (await field.items(id)).find(({ item }) => item.number === 3)?.item.id ?? ''
    await commandItems(field.desk, [third], () => ({ type: 'Block', stage: 0, why: 'nobody is eligible to review it' }), by)
    await field.settle()
    expect(await numbers(10)).toEqual([2, 3, 4])
    const [first] = await blockedItems(field.desk.pool, id, 1)
    expect(await numbers(1, first?.place)).toEqual([3])
    expect(await numbers(10, first?.place)).toEqual([3, 4])
    expect(await blockedItems(field.desk.pool, 'another', 10)).toEqual([])
  }, 30_000) // prettier-ignore
})
