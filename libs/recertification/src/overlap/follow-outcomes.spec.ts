import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { accessTo, openDeskField, type DeskField } from '../testing/desk-field.js'
import { definition, on, personKey } from '../testing/campaign.js'
import { followOutcomes } from './follow-outcomes.js'

const ROWS = [1, 2, 3].map((number) => accessTo(number))
const follow = async (): Promise<void> => {
  await followOutcomes(field.desk, on(2, 'timer'))
  await field.settle()
}

let field: DeskField
beforeAll(async () => {
  field = await openDeskField()
}, 60_000)
afterAll(() => field.close())

/** Two campaigns over the same accesses; what is decided in the first is carried out at once. */
async function overlapping(name: string, second: Parameters<typeof definition>[0] = {}): Promise<[string, string]> {
  field.startAnew(ROWS)
  await field.define(`${name}-a`, definition({ remediation: 'automatic' }))
  await field.define(`${name}-b`, definition(second))
  return [await field.launch(`${name}-a`), await field.launch(`${name}-b`)]
}

async function decideAtOnce(id: string, number: number, kind: 'certify' | 'revoke'): Promise<void> {
  await field.decide(id, number, kind)
  await field.advance(id, 2)
}

describe('overlapping campaigns', () => {
  it('overlapping campaigns: linked by item; one decision serves both, once, and says whose it is', async () => {
    const [a, b] = await overlapping('serve')
    await decideAtOnce(a, 1, 'certify')
    await follow()
    await follow()
    const [from] = await field.items(a)
    const [served, open] = await field.items(b)
    expect(served?.state).toMatchObject({ status: 'outcome set', outcome: { kind: 'certify' }, votes: [], adoptedFrom: { campaign: a, item: from?.item.id } })
    expect(served?.item.subject).toBe(from?.item.subject)
    expect(open?.state.status).toBe('assigned')
    const events = await field.ledger.readStream(`review-item:${served!.item.id}`)
    expect(events.map(({ type }) => type)).toEqual(['ReviewOutcomeSet'])
  }, 30_000) // prettier-ignore

  it('overlapping campaigns: stages, independence and freshness have to allow it', async () => {
    const stage = { ...definition().stages[0]!, quorum: 2 }
    const [a, b] = await overlapping('refuse', { stages: [stage] })
    await decideAtOnce(a, 1, 'certify')
    field.startAnew(ROWS.map((row) => ({ ...row, initiators: [personKey('boss')] })))
    await field.define('refuse-party', definition())
    const party = await field.launch('refuse-party')
    await decideAtOnce(a, 2, 'revoke')
    field.startAnew(ROWS)
    await field.define('refuse-late', definition())
    const late = await field.launch('refuse-late')
    await follow()
    const statuses = async (id: string): Promise<string[]> => (await field.items(id)).map(({ state }) => state.status)
    expect(await statuses(b)).toEqual(['assigned', 'outcome set', 'assigned'])
    expect(await statuses(party)).toEqual(['pending', 'pending', 'pending'])
    expect(await statuses(late)).toEqual(['assigned', 'assigned', 'assigned'])
  }, 30_000)

  it('overlapping campaigns: revoke wins; what lets the access stand elsewhere is contradicted, and stays on record', async () => {
    const [a, b] = await overlapping('revoke', { remediation: 'automatic' })
    await decideAtOnce(b, 1, 'certify')
    await field.decide(b, 2, 'certify')
    await decideAtOnce(a, 1, 'revoke')
    await field.decide(a, 2, 'revoke')
    await field.advance(a, 2)
    await follow()
    const [closed, decided] = await field.items(b)
    expect(closed?.state).toMatchObject({ isImpeached: true, outcome: { kind: 'certify' } })
    expect(decided?.state).toMatchObject({ status: 'outcome set', outcome: { kind: 'revoke' }, votes: [{ decision: { kind: 'certify' } }], adoptedFrom: { campaign: a } })
  }, 30_000) // prettier-ignore
})
