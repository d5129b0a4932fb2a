import { decodeDecision } from '@catena/ledger'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { campaignStream } from '../campaign/decider.js'
import { commandCampaign, loadCampaign, reiterateCampaign } from '../desk/campaigns.js'
import type { ItemState, SinceSeal } from '../item/state.js'
import { followTriggers } from '../micro/follow-triggers.js'
import { itemStream } from '../population/identity.js'
import type { AccessRow } from '../ports/access-summary.js'
import { reportToKeep } from '../report/campaign-report.js'
import { writeReport } from '../report/write-report.js'
import { proceed } from '../timers/advance-campaign.js'
import { definition, on, personKey } from '../testing/campaign.js'
import { accessTo, openDeskField, type DeskField } from '../testing/desk-field.js'
import { contradictedSinceSeal } from './sealed-campaigns.js'
import { watchSealed } from './watch-sealed.js'

const FROZEN = [1, 2, 3].map((number) => accessTo(number))
const SEALED = 30

let field: DeskField
beforeAll(async () => {
  field = await openDeskField()
}, 60_000)
afterAll(() => field.close())

/** Two certified, the third never answered; sealed on day 30. */
async function sealed(id: string, more: Parameters<typeof definition>[0] = {}): Promise<string> {
  field.startAnew(FROZEN)
  await field.define(id, definition(more))
  const campaign = await field.launch(id)
  for (const number of [1, 2]) await field.decide(campaign, number, 'certify')
  for (const day of [15, 22, 22]) await field.advance(campaign, day)
  await commandCampaign(field.desk, campaign, { type: 'SignOff', reason: 'one was never answered', undecided: 1 }, on(24)) // prettier-ignore
  await field.settle()
  await field.advanceTo(campaign, 'sealed', SEALED)
  expect(await loadCampaign(field.desk, campaign)).toMatchObject({ status: 'sealed' })
  await watch(SEALED)
  return campaign
}

async function watch(day: number): Promise<void> {
  await watchSealed(field.desk, on(day, 'timer:recertification'))
  await field.settle()
}

async function late(row: Partial<AccessRow>, number = 1): Promise<void> {
  await field.becomesKnown({ rows: FROZEN.map((one, index) => (index === number - 1 ? { ...one, ...row } : one)) })
}

const states = async (id: string): Promise<ItemState[]> => (await field.items(id)).map(({ state }) => state)
const said = async (id: string): Promise<string[][]> =>
  (await states(id)).map(({ sinceSeal = [] }) => sinceSeal.map(({ why }: SinceSeal) => why))

async function report(id: string): Promise<string> {
  const kept = await reportToKeep(field.desk, id)
  let text = ''
  for await (const piece of writeReport(field.desk, kept!, 'json')) text += piece
  return text
}

describe('R6.4 a decision of a sealed campaign', () => {
  it('is impeached by what becomes known later of the time before the freeze; the seal and its report stay', async () => {
    const id = await sealed('late')
    const before = await report(id)
    await late({ chain: 'ambiguous', uses: 9 })
    await watch(SEALED + 1)
    expect(await said(id)).toEqual([['late record: chain proven → ambiguous', 'late record: uses 7 → 9'], [], []])
    expect((await states(id)).map(({ isImpeached, status }) => [isImpeached, status])).toEqual([
      [true, 'closed'], [false, 'closed'], [false, 'expired unreviewed'],
    ]) // prettier-ignore
    expect(await contradictedSinceSeal(field.desk.pool, id)).toBe(1)
    expect(await report(id)).toEqual(before)
    const next = await reiterateCampaign(field.desk, id, on(SEALED + 2))
    await field.settle()
    expect((await field.items((next as { id: string }).id)).map(({ item }) => item.access.credential.path)).toEqual(['key-1', 'key-3']) // prettier-ignore
  }, 30_000)

  it('R6.2 is contradicted where its voter was in the group that has the access, not where they joined it later', async () => {
    const id = await sealed('joined')
    const inGroup = (day: number) => ({ boss: { groups: [personKey('ada')], memberships: [{ group: personKey('ada'), from: on(day).at }] } })
    await field.becomesKnown({ people: inGroup(2) })
    await watch(SEALED + 1)
    expect(await said(id)).toEqual([[], [], []])
    await field.becomesKnown({ people: inGroup(0) })
    await watch(SEALED + 2)
    const why = `${personKey('boss')}, who decided it, is its member of the group`
    expect(await said(id)).toEqual([[why], [why], []])
  }, 30_000) // prettier-ignore

  it('is told the same thing once: looking again, after a crash or in two processes, says nothing new', async () => {
    const id = await sealed('once')
    await late({ uses: 9 })
    await Promise.all([watch(SEALED + 1), watch(SEALED + 1)])
    await field.desk.pool.query(`UPDATE governance.review_follower SET position = 0 WHERE name = 'sealed'`)
    await field.desk.pool.query('UPDATE governance.review_watch SET position = 0')
    await watch(SEALED + 2)
    await late({ uses: 11 })
    await watch(SEALED + 3)
    const [first] = await field.items(id)
    const events = await field.ledger.readStream(itemStream(first!.item.id))
    expect(events.filter(({ type }) => type === 'SealedDecisionImpeached')).toHaveLength(1)
  }, 30_000)

  it('is not impeached by a use after the freeze, by what was so at the freeze, nor by what an open item drifted by', async () => {
    field.startAnew(FROZEN)
    await field.define('drifted', definition())
    const id = await field.launch('drifted')
    await late({ chain: 'inferred' })
    await field.advance(id, 1)
    for (const number of [1, 2, 3]) await field.decide(id, number, 'certify')
    for (const day of [15, 15]) await field.advance(id, day)
    await commandCampaign(field.desk, id, { type: 'SignOff', reason: '', undecided: 0 }, on(16))
    await field.settle()
    await field.advanceTo(id, 'sealed', 18)
    await field.append('Unrelated', {})
    await field.desk.pool.query('UPDATE governance.review_watch SET position = 0')
    await watch(19)
    expect(await loadCampaign(field.desk, id)).toMatchObject({ status: 'sealed' })
    expect(await said(id)).toEqual([[], [], []])
  }, 30_000)

  it('is impeached where its accessor turns out to be somebody else, and where who decided it turns out to be a party', async () => {
    const id = await sealed('names')
    const eve = { kind: 'person' as const, key: personKey('eve'), name: 'eve', aliases: [] }
    await late({ accessor: eve })
    await watch(SEALED + 1)
    expect(await said(id)).toEqual([['its accessor is known by another name now: eve'], [], []])
    await late({ approvers: [personKey('boss')] }, 2)
    await watch(SEALED + 2)
    expect((await said(id))[1]).toEqual([
      `late record: approved by  → ${personKey('boss')}`,
      `${personKey('boss')}, who decided it, is its approver`,
    ])
  }, 30_000)

  it('R6.5 is impeached where the access that it took is used again after its end', async () => {
    field.startAnew(FROZEN)
    await field.define('back', definition())
    const id = await field.launch('back')
    for (const number of [1, 2, 3]) await field.decide(id, number, number === 1 ? 'revoke' : 'certify')
    for (const day of [15, 15]) await field.advance(id, day)
    await commandCampaign(field.desk, id, { type: 'SignOff', reason: '', undecided: 0 }, on(16))
    await field.settle()
    await field.advance(id, 17)
    const end = { at: on(18).at, how: 'revoked', positions: [9] }
    await late({ ended: end, lastEnd: { ...end, obtainedAt: on(0).at } })
    await field.advanceTo(id, 'sealed', 26)
    expect(await loadCampaign(field.desk, id)).toMatchObject({ status: 'sealed', figures: { verified: 1, regressions: 0 } }) // prettier-ignore
    await watch(28)
    expect(await said(id)).toEqual([[], [], []])
    await late({ lastUsedAt: on(29).at, uses: 7, ended: undefined, open: 1 })
    await watch(29)
    expect((await said(id))[0]).toContain('the access came back: it was used again after its end')
    expect((await said(id)).slice(1)).toEqual([[], []])
  }, 30_000)

  it('is asked about at once by a definition with that trigger', async () => {
    const id = await sealed('asking')
    await field.define('again', definition({ triggers: ['decision contradicted'], scope: 'all' }))
    await followTriggers(field.desk, on(SEALED))
    await late({ uses: 9 })
    await watch(SEALED + 1)
    await followTriggers(field.desk, on(SEALED + 1))
    await field.settle()
    const { rows } = await field.desk.pool.query<{ id: string }>(`SELECT id FROM decisions.campaign WHERE definition = 'again'`) // prettier-ignore
    expect(rows).toHaveLength(1)
    const asked = await field.items(rows[0]!.id)
    expect(asked.map(({ item }) => item.subject)).toEqual([(await field.items(id))[0]?.item.subject])
  }, 30_000)
})

describe('the watch after the seal', () => {
  it('ends on its day, on record, and looks no more', async () => {
    const id = await sealed('ending', { watchDays: 10 })
    await watch(SEALED + 9)
    expect(await loadCampaign(field.desk, id)).not.toHaveProperty('watchedTo')
    await late({ uses: 9 })
    await watch(SEALED + 10)
    expect(await said(id)).toEqual([['late record: uses 7 → 9'], [], []])
    expect(await loadCampaign(field.desk, id)).toMatchObject({ status: 'sealed', watchedTo: expect.any(Number) as unknown }) // prettier-ignore
    await late({ chain: 'missing' }, 2)
    await watch(SEALED + 11)
    expect((await said(id))[1]).toEqual([])
    const events = (await field.ledger.readStream(campaignStream(id))).flatMap((event) => decodeDecision(event) ?? [])
    expect(events.at(-1)?.event).toMatchObject({ type: 'CampaignWatchEnded', data: { contradicted: 1 } })
  }, 30_000)

  it('misses nothing between the last look of the campaign and its seal', async () => {
    field.startAnew(FROZEN)
    await field.define('between', definition())
    const id = await field.launch('between')
    for (const number of [1, 2, 3]) await field.decide(id, number, 'certify')
    for (const day of [15, 15]) await field.advance(id, day)
    await commandCampaign(field.desk, id, { type: 'SignOff', reason: '', undecided: 0 }, on(16))
    await field.settle()
    await field.advanceTo(id, 'verifying', 17)
    await watch(17)
    await late({ chain: 'missing' })
    // Others were compared up to here while this one was not sealed yet.
    await watch(17)
    await proceed(field.desk, await loadCampaign(field.desk, id), on(18))
    await field.settle()
    expect(await loadCampaign(field.desk, id)).toMatchObject({ status: 'sealed' })
    await watch(18)
    expect((await said(id))[0]).toEqual(['late record: chain proven → missing'])
  }, 30_000)
})
