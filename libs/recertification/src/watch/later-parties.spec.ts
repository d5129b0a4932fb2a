import type { Decided, Key } from '@catena/domain'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { commandCampaign } from '../desk/campaigns.js'
import { commandItems } from '../desk/items.js'
import type { ItemCommand } from '../item/commands.js'
import type { ItemState } from '../item/state.js'
import { followOutcomes } from '../overlap/follow-outcomes.js'
import type { AccessRow } from '../ports/access-summary.js'
import { reportCampaign } from '../report/campaign-report.js'
import { definition, identity, on, personKey } from '../testing/campaign.js'
import { accessTo, openDeskField, type DeskField } from '../testing/desk-field.js'

const mallory = identity('mallory')
const people = (...names: string[]) => [{ kind: 'people' as const, people: names.map(personKey) }]

let field: DeskField
beforeAll(async () => {
  field = await openDeskField()
}, 60_000)
afterAll(() => field.close())

/** A campaign over one access, of which more becomes known on its first day. */
async function launched(name: string, more: Parameters<typeof definition>[0] = {}): Promise<string> {
  field.startAnew([accessTo(1)])
  await field.define(name, definition(more))
  return field.launch(name)
}

async function becomesParty(id: string, row: Partial<AccessRow> = { approvers: [mallory.key] }): Promise<void> {
  await field.becomesKnown({ rows: [accessTo(1, row)] })
  await field.advance(id, 1)
}

async function bossIsAda(): Promise<void> {
  const accessor = { kind: 'person' as const, key: personKey('ada'), name: 'ada', aliases: [personKey('boss')] }
  await field.becomesKnown({ people: { boss: { aliases: [personKey('ada')] } }, rows: [accessTo(1, { accessor })] })
}

async function state(id: string): Promise<ItemState> {
  const [one] = await field.items(id)
  return one!.state
}

async function command(id: string, asked: ItemCommand, by: Decided = on(1)): Promise<unknown> {
  const [one] = await field.items(id)
  const answer = await commandItems(field.desk, [one!.item.id], () => asked, by)
  await field.settle()
  return answer
}

async function types(id: string): Promise<string[]> {
  const [one] = await field.items(id)
  return (await field.ledger.readStream(`review-item:${one!.item.id}`)).map(({ type }) => type)
}

describe('R6.2 who becomes known as a party after the freeze, reviewing nothing yet,', () => {
  it('is on record with the item, once', async () => {
    const id = await launched('once')
    await becomesParty(id)
    await becomesParty(id, { approvers: [mallory.key], uses: 9 })
    expect(await state(id)).toMatchObject({ parties: { approvers: [mallory.key], initiators: [] } })
    expect((await types(id)).filter((type) => type === 'ReviewPartiesFound')).toHaveLength(1)
    await becomesParty(id, { approvers: [], initiators: [personKey('eve')] })
    expect(await state(id)).toMatchObject({ parties: { approvers: [mallory.key], initiators: [personKey('eve')] } })
  }, 30_000)

  it('is passed over by a later stage', async () => {
    const stages = [
      { name: 'one', fromDay: 0, toDay: 7, quorum: 1, reviewers: people('boss') },
      { name: 'two', fromDay: 7, toDay: 14, quorum: 1, reviewers: [...people('mallory'), ...people('second')] },
    ]
    const id = await launched('stage', { stages })
    await becomesParty(id)
    await field.decide(id, 1, 'certify')
    for (const day of [8, 8, 8]) await field.advance(id, day)
    expect(await state(id)).toMatchObject({ stage: 1, status: 'assigned', reviewers: [personKey('second')] })
  }, 30_000)

  it('is passed over by an escalation', async () => {
    const id = await launched('ladder', { escalation: [{ afterDays: 1, action: 'replace', to: people('mallory', 'chief') }] }) // prettier-ignore
    await becomesParty(id, { initiators: [mallory.key] })
    for (const day of [16, 16]) await field.advance(id, day)
    expect(await state(id)).toMatchObject({ reviewers: [personKey('chief')] })
  }, 30_000)

  it('is given nothing by a manager and handed nothing by a reviewer', async () => {
    const id = await launched('given')
    await becomesParty(id)
    const given = await command(id, { type: 'Assign', stage: 0, reviewers: [mallory], why: 'you do it' })
    expect(given).toMatchObject({ refused: 'CONFLICT_OF_INTEREST', message: expect.stringContaining('its approver') as unknown }) // prettier-ignore
    const handed = await command(id, { type: 'Delegate', from: identity('boss'), to: mallory, others: new Map(), reason: 'away' }) // prettier-ignore
    expect(handed).toMatchObject({ refused: 'CONFLICT_OF_INTEREST' })
  }, 30_000)

  it('does not decide what was handed to them before', async () => {
    const id = await launched('handed')
    await command(id, { type: 'Delegate', from: identity('boss'), to: mallory, others: new Map(), reason: 'away' })
    await becomesParty(id)
    expect(await field.decide(id, 1, 'certify', 'mallory')).toMatchObject({ refused: 'CONFLICT_OF_INTEREST' })
    expect(await state(id)).toMatchObject({ votes: [] })
  }, 30_000)

  it('is counted where their vote stands in the figures', async () => {
    const id = await launched('counted')
    await command(id, { type: 'Delegate', from: identity('boss'), to: mallory, others: new Map(), reason: 'away' })
    expect(await field.decide(id, 1, 'certify', 'mallory')).toMatchObject({ items: [expect.any(String)] })
    await becomesParty(id)
    expect((await reportCampaign(field.desk, id))?.figures).toMatchObject({ votes: 1, selfReviews: 1 })
  }, 30_000)

  it('decides nothing for another campaign that learned of it', async () => {
    const id = await launched('giving', { remediation: 'automatic', stages: [{ name: 'one', fromDay: 0, toDay: 14, quorum: 1, reviewers: people('mallory') }] }) // prettier-ignore
    await field.define('taking', definition())
    const taking = await field.launch('taking')
    await field.decide(id, 1, 'revoke', 'mallory')
    await field.advance(id, 1)
    await becomesParty(taking)
    await followOutcomes(field.desk, on(2, 'timer'))
    await field.settle()
    expect((await state(taking)).status).toBe('drifted')
  }, 30_000)
})

describe('R6.2 an open item whose reviewer becomes known as a party', () => {
  const routed = async (name: string, reviewers: ReturnType<typeof people>): Promise<string> =>
    launched(name, { stages: [{ name: 'one', fromDay: 0, toDay: 14, quorum: 1, reviewers }] })
  const approved = { approvers: [personKey('boss')] }

  it('goes on to the next rule that finds somebody, once', async () => {
    const id = await routed('next', [...people('boss'), ...people('heir')])
    await becomesParty(id, approved)
    await becomesParty(id, { ...approved, uses: 9 })
    expect(await state(id)).toMatchObject({ status: 'drifted', reviewers: [personKey('heir')] })
    expect((await types(id)).filter((type) => type === 'ReviewItemAssigned')).toHaveLength(1)
  }, 30_000)

  it('stays with whoever else reviews it', async () => {
    const id = await routed('other', [...people('boss', 'second'), ...people('heir')])
    await becomesParty(id, approved)
    expect(await state(id)).toMatchObject({ reviewers: [personKey('second')] })
  }, 30_000)

  it('is blocked where nobody else is eligible, and says why', async () => {
    const id = await routed('nobody', people('boss'))
    await becomesParty(id, approved)
    expect(await state(id)).toMatchObject({ status: 'pending', reviewers: [], why: `${personKey('boss')} became known as a party to it` }) // prettier-ignore
  }, 30_000)

  it('goes on by the rules of its own stage, where the campaign is in a later one by now', async () => {
    const stages = [
      { name: 'one', fromDay: 0, toDay: 7, quorum: 1, reviewers: [...people('boss'), ...people('heir')] },
      { name: 'two', fromDay: 7, toDay: 14, quorum: 1, reviewers: people('second') },
    ]
    const id = await launched('behind', { stages })
    await field.advance(id, 8)
    await field.becomesKnown({ rows: [accessTo(1, approved)] })
    await field.advance(id, 8)
    expect(await state(id)).toMatchObject({ stage: 0, reviewers: [personKey('heir')] })
  }, 30_000)

  it('stays with whoever else reviews it, with others where they are too few for the quorum', async () => {
    const stage = { name: 'one', fromDay: 0, toDay: 14, quorum: 2, reviewers: [...people('boss', 'second'), ...people('heir'), ...people('chief')] } // prettier-ignore
    const id = await launched('few', { stages: [stage] })
    await becomesParty(id, approved)
    expect(await state(id)).toMatchObject({ reviewers: [personKey('second'), personKey('heir')] })
  }, 30_000)

  it('goes on while the campaign is paused, too', async () => {
    const id = await routed('paused', [...people('boss'), ...people('heir')])
    await commandCampaign(field.desk, id, { type: 'PauseCampaign', why: 'a holiday' }, on(1))
    await becomesParty(id, approved)
    expect(await state(id)).toMatchObject({ reviewers: [personKey('heir')] })
  }, 30_000)

  it('stays as it is where others decided it', async () => {
    const id = await routed('decided', [...people('boss', 'second'), ...people('heir')])
    await field.decide(id, 1, 'certify', 'second')
    await bossIsAda()
    await field.advance(id, 1)
    expect(await state(id)).toMatchObject({ status: 'decided', excluded: [personKey('boss')], reviewers: [personKey('boss'), personKey('second')] }) // prettier-ignore
  }, 30_000)
})

describe('R6.2 who turns out to be the accessor by another name', () => {
  it('is on record as in conflict where they voted, once', async () => {
    const id = await launched('voted')
    await field.decide(id, 1, 'certify')
    await bossIsAda()
    for (const day of [2, 2]) await field.advance(id, day)
    expect(await state(id)).toMatchObject({ status: 'pending', votes: [{ reviewer: personKey('boss') }] })
    await becomesParty(id, { uses: 9 })
    expect((await types(id)).filter((type) => type === 'ReviewConflictFound')).toHaveLength(1)
    expect(await state(id)).toMatchObject({ excluded: [personKey('boss')] })
    expect((await reportCampaign(field.desk, id))?.figures).toMatchObject({ selfReviews: 1, conflictsFound: 1 })
  }, 30_000)

  it('is passed over by a later stage under another of their names too', async () => {
    const stages = [
      { name: 'one', fromDay: 0, toDay: 7, quorum: 1, reviewers: people('boss', 'second') },
      { name: 'two', fromDay: 7, toDay: 14, quorum: 1, reviewers: [...people('bossy'), ...people('second')] },
    ]
    const id = await launched('twin', { stages })
    await field.becomesKnown({ people: { bossy: { aliases: [personKey('boss')] } } })
    await command(id, { type: 'NoteConflicts', conflicts: [{ person: personKey('boss'), as: 'approver' }] })
    await field.decide(id, 1, 'certify', 'second')
    for (const day of [8, 8, 8]) await field.advance(id, day)
    expect(await state(id)).toMatchObject({ stage: 1, reviewers: [personKey('second')] })
  }, 30_000)

  it('is passed over by a later stage and by an escalation, though no access changed', async () => {
    const stages = [
      { name: 'one', fromDay: 0, toDay: 7, quorum: 1, reviewers: people('second') },
      { name: 'two', fromDay: 7, toDay: 14, quorum: 1, reviewers: [...people('boss', 'gone'), ...people('chief')] },
    ]
    const id = await launched('joined', { stages, escalation: [{ afterDays: 1, action: 'replace', to: people('boss', 'gone', 'heir') }] }) // prettier-ignore
    await field.decide(id, 1, 'certify', 'second')
    await field.becomesKnown({ people: { boss: { aliases: [personKey('ada')] }, gone: { leftAt: on(1).at } } })
    for (const day of [8, 8, 8]) await field.advance(id, day)
    expect(await state(id)).toMatchObject({ stage: 1, reviewers: [personKey('chief')] })
    await field.advance(id, 16)
    expect(await state(id)).toMatchObject({ reviewers: [personKey('heir')] })
  }, 30_000)

  it('impeaches what they decided where it became known after the outcome was set', async () => {
    const id = await launched('fixed')
    await field.decide(id, 1, 'certify')
    for (const day of [15, 15]) await field.advance(id, day)
    await bossIsAda()
    await field.advance(id, 16)
    expect(await types(id)).toEqual(['ReviewDecided', 'ReviewOutcomeSet', 'ReviewPartiesFound', 'ReviewDecisionImpeached', 'ReviewConflictFound']) // prettier-ignore
    expect(await state(id)).toMatchObject({ outcome: { kind: 'certify' }, isImpeached: true, impeachedBy: `${personKey('boss')}, who decided it, is its accessor` }) // prettier-ignore
  }, 30_000)

  it('impeaches nothing that silence ended', async () => {
    const stage = { name: 'one', fromDay: 0, toDay: 14, quorum: 2, reviewers: people('boss', 'second') }
    const id = await launched('silent', { stages: [stage], silence: 'revoke', escalation: [{ afterDays: 1, action: 'default-outcome' }] }) // prettier-ignore
    await commandCampaign(field.desk, id, { type: 'NoteImpactSeen' }, on(1))
    await field.decide(id, 1, 'certify')
    await field.advance(id, 16)
    await bossIsAda()
    await field.advance(id, 16)
    expect(await state(id)).toMatchObject({ status: 'outcome set', outcome: { kind: 'revoke' }, isImpeached: false, votes: [{ reviewer: personKey('boss') }] }) // prettier-ignore
    expect((await state(id)).excluded).toBeUndefined()
  }, 30_000)

  it('is decided for by nobody to whom they handed it', async () => {
    const id = await launched('stead')
    await command(id, { type: 'Delegate', from: identity('boss'), to: identity('carol'), others: new Map(), reason: 'away' }) // prettier-ignore
    await field.becomesKnown({ people: { boss: { aliases: [personKey('ada')] } } })
    expect(await field.decide(id, 1, 'certify', 'boss')).toMatchObject({ refused: 'CONFLICT_OF_INTEREST' })
    expect(await field.decide(id, 1, 'certify', 'carol')).toMatchObject({ refused: 'CONFLICT_OF_INTEREST' })
  }, 30_000)

  it('is so where somebody voted in their place', async () => {
    const id = await launched('place')
    await command(id, { type: 'Delegate', from: identity('boss'), to: identity('carol'), others: new Map(), reason: 'away' }) // prettier-ignore
    await field.decide(id, 1, 'certify', 'carol')
    await bossIsAda()
    await field.advance(id, 2)
    expect(await state(id)).toMatchObject({ excluded: [personKey('boss')] })
  }, 30_000)
})

describe('R6.2 who joins the group that has the access', () => {
  const ops = 'group:idp:ops' as Key
  const accessor = { kind: 'workload' as const, key: ops, name: 'ops', aliases: [] }
  const had = async (name: string): Promise<string> => {
    field.startAnew([accessTo(1, { accessor })])
    await field.define(name, definition({ stages: [{ name: 'one', fromDay: 0, toDay: 14, quorum: 1, reviewers: [...people('boss'), ...people('heir')] }] })) // prettier-ignore
    return field.launch(name)
  }
  const bossJoins = (day: number, row: Partial<AccessRow> = {}): Promise<void> =>
    field.becomesKnown({ people: { boss: { groups: [ops], memberships: [{ group: ops, from: on(day).at }] } }, rows: [accessTo(1, { accessor, ...row })] }) // prettier-ignore

  it('was no party when they decided before: it stands, decided and once its outcome is set', async () => {
    const id = await had('later')
    await field.decide(id, 1, 'certify')
    await bossJoins(2)
    await field.advance(id, 3)
    expect((await state(id)).excluded).toBeUndefined()
    expect(await state(id)).toMatchObject({ status: 'decided', reviewers: [personKey('boss')] })
    for (const day of [15, 15]) await field.advance(id, day)
    await bossJoins(2)
    await field.advance(id, 16)
    expect(await types(id)).toEqual(['ReviewDecided', 'ReviewOutcomeSet'])
  }, 30_000)

  it('was one when they decided after it, also where it became known later', async () => {
    const id = await had('earlier')
    await field.decide(id, 1, 'certify')
    await bossJoins(0)
    await field.advance(id, 3)
    expect(await state(id)).toMatchObject({ status: 'assigned', excluded: [personKey('boss')], reviewers: [personKey('heir')] }) // prettier-ignore
  }, 30_000)

  it('is asked no more, nor asked anew where the access changes after they decided', async () => {
    const open = await had('open')
    await bossJoins(2)
    await field.advance(open, 3)
    expect(await state(open)).toMatchObject({ reviewers: [personKey('heir')] })
    const id = await had('anew')
    await field.decide(id, 1, 'certify')
    await bossJoins(2, { privileged: true })
    await field.advance(id, 3)
    expect(await state(id)).toMatchObject({ status: 'drifted', reviewers: [personKey('heir')] })
  }, 30_000)
})
