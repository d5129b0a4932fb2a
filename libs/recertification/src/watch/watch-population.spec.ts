import { isRefusal } from '@catena/domain'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { commandCampaign, loadCampaign, reiterateCampaign } from '../desk/campaigns.js'
import { checkPopulation } from '../desk/check-population.js'
import { decideItems, loadItems } from '../desk/items.js'
import { campaignItems } from '../desk/work.js'
import type { AccessRow } from '../ports/access-summary.js'
import { definition, identity, LAUNCH, on, personKey } from '../testing/campaign.js'
import { accessTo, openDeskField, type DeskField } from '../testing/desk-field.js'

const FROZEN = [1, 2, 3, 4].map((number) => accessTo(number))
const heir = identity('heir')

let field: DeskField
beforeAll(async () => {
  field = await openDeskField()
}, 60_000)
afterAll(() => field.close())

async function launched(id: string): Promise<string> {
  field.startAnew(FROZEN)
  const stages = [{ name: 'one', fromDay: 0, toDay: 14, quorum: 1, reviewers: [{ kind: 'people' as const, people: [personKey('boss')] }, { kind: 'people' as const, people: [heir.key] }] }]
  await field.define(id, definition({ stages }))
  return field.launch(id)
} // prettier-ignore

const statuses = async (id: string): Promise<string[]> =>
  (await campaignItems(field.desk.pool, id, 100)).map(({ state }) => state.status)

describe('a running campaign', () => {
  it('new credential after the freeze: a supplement with reviewers, never silent; with the changed, the deleted and the unchanged told apart', async () => {
    const id = await launched('watched')
    const [first, second, third, fourth] = FROZEN as [AccessRow, AccessRow, AccessRow, AccessRow]
    await field.becomesKnown({ rows: [{ ...first, privileged: true }, { ...second, ended: { at: LAUNCH + 1, how: 'deleted', positions: [7] } }, { ...third, version: 4 }, fourth, accessTo(5)] })
    await field.advance(id, 2)
    expect(await statuses(id)).toEqual(['drifted', 'moot', 'assigned', 'assigned', 'assigned'])
    const state = await loadCampaign(field.desk, id)
    expect(state).toMatchObject({ supplements: [{ items: 1, position: expect.any(Number) as unknown }] })
    await field.advance(id, 3)
    expect(await statuses(id)).toEqual(['drifted', 'moot', 'assigned', 'assigned', 'assigned'])
    expect(await loadCampaign(field.desk, id)).toEqual(state)
  }, 30_000) // prettier-ignore

  it('R6.1 is made again with its supplements, and told apart from one that other rules made', async () => {
    const id = 'watched@run'
    const { desk } = field
    expect(await checkPopulation(field.desk, id)).toMatchObject({ isSame: true, isSameVersion: true, supplements: [{ isSame: true }] })
    const newer = { ...desk, summary: { ...desk.summary, version: 'newer' } }
    expect(await checkPopulation(newer, id)).toMatchObject({ isSame: true, isSameVersion: false })
    const fewer = { ...desk, summary: { ...desk.summary, async *rows() { await Promise.resolve(); yield* FROZEN.slice(1) } } }
    expect(await checkPopulation(fewer, id)).toMatchObject({ isSame: false, isSameVersion: true, supplements: [{ isSame: true }] })
  }) // prettier-ignore

  it('reviewer leaves: open work goes to the next rule that finds somebody, decisions stand', async () => {
    const id = await launched('leaving')
    await field.decide(id, 1, 'certify')
    await field.becomesKnown({ people: { boss: { leftAt: LAUNCH } } })
    await field.advance(id, 2)
    const items = await campaignItems(field.desk.pool, id, 100)
    expect(items.map(({ state }) => state.reviewers)).toEqual([[personKey('boss')], [heir.key], [heir.key], [heir.key]])
    expect(items[0]?.state).toMatchObject({ status: 'decided', votes: [{ reviewer: personKey('boss') }] })
  }, 30_000)

  it('R6.2 reviewer leaves, and whoever stays turns out to be a party: work goes to the next rule, else the item is blocked', async () => {
    const [boss, second] = [personKey('boss'), personKey('second')]
    const left = { boss: { leftAt: LAUNCH }, second: { aliases: [personKey('ada')] } }
    for (const [name, next, expected] of [['stuck', [heir.key], { status: 'assigned', reviewers: [heir.key] }], ['alone', [second], { status: 'pending', why: 'person:idp:boss has left' }]] as const) {
      field.startAnew(FROZEN.slice(0, 1))
      const reviewers = [[boss, second], next].map((people) => ({ kind: 'people' as const, people }))
      await field.define(name, definition({ stages: [{ name: 'one', fromDay: 0, toDay: 14, quorum: 1, reviewers }] }))
      const id = await field.launch(name)
      await field.becomesKnown({ people: left })
      await field.advance(id, 2)
      expect(await field.items(id)).toMatchObject([{ state: expected }])
    }
  }, 30_000) // prettier-ignore

  it('late records: a closed decision is impeached, stays, and is carried into the next iteration with what nobody answered', async () => {
    const id = await launched('late')
    await field.decide(id, 1, 'certify')
    await field.decide(id, 2, 'certify')
    for (const day of [15, 22, 22]) await field.advance(id, day)
    await field.becomesKnown({ rows: [{ ...FROZEN[0]!, chain: 'ambiguous' }, ...FROZEN.slice(1)] })
    await field.advance(id, 23)
    const [impeached, kept] = await campaignItems(field.desk.pool, id, 100)
    expect(impeached?.state).toMatchObject({ isImpeached: true, outcome: { kind: 'certify' } })
    expect(kept?.state).toMatchObject({ isImpeached: false })
    await commandCampaign(field.desk, id, { type: 'SignOff', reason: 'two were never answered', undecided: 2 }, on(24))
    for (const day of [24, 25, 26]) await field.advance(id, day)
    expect(await loadCampaign(field.desk, id)).toMatchObject({
      status: 'sealed',
      figures: { items: 4, certified: 2, expired: 2 },
    })
    const next = await reiterateCampaign(field.desk, id, on(27))
    await field.settle()
    if (isRefusal(next)) throw new Error(next.message)
    expect(await loadCampaign(field.desk, id)).toMatchObject({ status: 'reiterated', by: next.id })
    const again = await campaignItems(field.desk.pool, next.id, 100)
    expect(again.map(({ item }) => item.access.credential.path)).toEqual(['key-1', 'key-3', 'key-4'])
    expect(await reiterateCampaign(field.desk, id, on(28))).toMatchObject({ id: next.id })
    expect(await checkPopulation(field.desk, next.id)).toMatchObject({ isSame: true })
  }, 30_000)

  it('of an earlier version, whose items were written without their credential, is watched too', async () => {
    const id = await launched('older')
    await field.desk.pool.query('ALTER TABLE review_population DISABLE TRIGGER USER')
    await field.desk.pool.query(`UPDATE review_population p SET credential = NULL FROM decisions.campaign_population n WHERE n.population = p.population AND n.campaign = $1`, [id])
    await field.desk.pool.query('ALTER TABLE review_population ENABLE TRIGGER USER')
    await field.becomesKnown({ rows: [{ ...FROZEN[0]!, privileged: true }, ...FROZEN.slice(1)] })
    await field.advance(id, 2)
    expect(await statuses(id)).toEqual(['drifted', 'assigned', 'assigned', 'assigned'])
  }, 30_000) // prettier-ignore

  it('is told once: conflicts that became known are on record, and the item goes on to the next rule, so that nobody who is party decides', async () => {
    const id = await launched('conflict')
    await field.becomesKnown({ rows: [{ ...FROZEN[0]!, initiators: [personKey('boss')] }, ...FROZEN.slice(1)] })
    await field.advance(id, 2)
    const [first] = await campaignItems(field.desk.pool, id, 1)
    const events = await field.ledger.readStream(`review-item:${first!.item.id}`)
    expect(events.map(({ type }) => type)).toEqual([
      'ReviewItemDrifted',
      'ReviewPartiesFound',
      'ReviewConflictFound',
      'ReviewItemAssigned',
    ])
    const vote = { items: [first!.item.id], decision: { kind: 'certify' as const }, reason: 'mine', request: 'own' }
    expect(await decideItems(field.desk, vote, identity('boss'), on(3))).toMatchObject({
      refused: 'NOT_A_REVIEWER',
    })
    expect(await loadItems(field.desk, [first!.item.id])).toMatchObject([
      { state: { status: 'drifted', votes: [], reviewers: [heir.key] } },
    ])
  }, 30_000)
})
