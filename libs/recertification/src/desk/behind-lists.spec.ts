import { connect } from '@catena/platform'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import type pg from 'pg'
import { definition, identity, on, personKey } from '../testing/campaign.js'
import { accessTo, openDeskField, type DeskField } from '../testing/desk-field.js'
import { proceed } from '../timers/advance-campaign.js'
import { commandCampaign, loadCampaign, reiterateCampaign, signOffCampaign } from './campaigns.js'
import type { RecertificationDesk } from './desk.js'
import { commandItems, decideItems } from './items.js'

let field: DeskField
let letGo = (): Promise<void> => Promise.resolve()
beforeAll(async () => {
  field = await openDeskField()
  field.startAnew([1, 2].map((number) => accessTo(number)))
}, 60_000)
afterEach(() => letGo())
afterAll(() => field.close())

/** While the work is done no list shows anything new; from then on as soon as somebody asks how far a list is. */
async function behind(work: () => Promise<unknown>): Promise<RecertificationDesk> {
  const holder = await connect(field.databaseUrl, { applicationName: 'holder' })
  await holder.query('BEGIN; LOCK TABLE decisions.review_item IN SHARE MODE')
  let ending: Promise<void> | undefined
  letGo = () => (ending ??= holder.query('COMMIT').then(() => holder.end()))
  await work()
  const { pool } = field.desk
  const query = async (asked: { name?: string }, ...more: unknown[]): Promise<unknown> => {
    if (asked.name === 'decision-view-position') await letGo()
    return (pool.query as (...given: unknown[]) => Promise<unknown>).call(pool, asked, ...more)
  }
  return { ...field.desk, pool: Object.assign(Object.create(pool) as pg.Pool, { query }) }
}

async function itemOf(campaign: string, number: number): Promise<string> {
  const found = (await field.items(campaign)).find(({ item }) => item.number === number)
  return found?.item.id ?? ''
}

describe('lists that are behind what is recorded', () => {
  it('R6.9 do not keep a decision out of what a sign-off counts', async () => {
    await field.define('signed', definition())
    const id = await field.launch('signed')
    await field.decide(id, 1, 'certify')
    const [first, last] = [await itemOf(id, 1), await itemOf(id, 2)]
    const desk = await behind(async () => {
      await decideItems(field.desk, { items: [last], decision: { kind: 'certify' }, reason: 'looked', request: 'r2' }, identity('boss'), on(1, personKey('boss')))
      await commandCampaign(field.desk, id, { type: 'CloseCampaign', open: 0, why: 'every item is answered' }, on(2))
      await commandItems(field.desk, [first, last], () => ({ type: 'Finish' }), on(2))
    })
    expect(await signOffCampaign(desk, id, '', on(2))).toMatchObject({ id })
    expect(await loadCampaign(field.desk, id)).toMatchObject({ status: 'remediating' })
  }, 30_000)

  it('R6.4 do not keep what a contradiction spoke against out of the next iteration', async () => {
    await field.define('again', definition())
    const id = await field.launch('again')
    for (const number of [1, 2]) await field.decide(id, number, 'certify')
    for (const day of [15, 15]) await field.advance(id, day)
    expect(await signOffCampaign(field.desk, id, '', on(16))).toMatchObject({ id })
    await field.advanceTo(id, 'sealed', 17)
    const second = await itemOf(id, 2)
    const desk = await behind(() => commandItems(field.desk, [second], () => ({ type: 'Impeach', why: 'came late', position: 1 }), on(18)))
    expect(await reiterateCampaign(desk, id, on(18))).toMatchObject({ id: 'again@run.next' })
    await field.settle()
    expect(await field.items('again@run.next')).toHaveLength(1)
  }, 30_000)

  it('R6.4 do not close a campaign over a decision that no longer stands', async () => {
    await field.define('drifted', definition())
    const id = await field.launch('drifted')
    for (const number of [1, 2]) await field.decide(id, number, 'certify')
    const last = await itemOf(id, 2)
    const desk = await behind(() => commandItems(field.desk, [last], () => ({ type: 'NoteChange', isMaterial: true, changes: ['another owner'], position: 1 }), on(2)))
    await proceed(desk, await loadCampaign(field.desk, id), on(2, 'timer:recertification'))
    expect(await loadCampaign(field.desk, id)).toMatchObject({ status: 'active' })
  }, 30_000)
}) // prettier-ignore
