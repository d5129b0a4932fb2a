import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { commandItems } from '../desk/items.js'
import { definition, identity, on } from '../testing/campaign.js'
import { accessTo, openDeskField, type DeskField } from '../testing/desk-field.js'

let field: DeskField
beforeAll(async () => {
  field = await openDeskField()
}, 60_000)
afterAll(() => field.close())

describe('what an item says of its access', () => {
  it('is written once, however many events after it say nothing new, and whenever they are folded', async () => {
    field.startAnew([accessTo(1)])
    await field.define('told', definition())
    const id = await field.launch('told')
    await field.decide(id, 1, 'certify')
    const [item] = await field.items(id)
    for (const text of ['first', 'second']) {
      await commandItems(
        field.desk,
        [item!.item.id],
        () => ({ type: 'Comment', by: identity('boss'), text, asManager: false }),
        on(2),
      )
      await field.settle()
    }
    expect((await field.items(id))[0]?.version).toBe((item?.version ?? 0) + 2)
    const { rows } = await field.desk.pool.query<{ review: object }>(
      'SELECT review FROM decisions.access_review WHERE item = $1',
      [item?.item.id],
    )
    expect(rows.map(({ review }) => review)).toEqual([
      { answer: 'open', decidedAt: on(1).at, isProven: false, isContradicted: false },
    ])
  }, 30_000)
})
