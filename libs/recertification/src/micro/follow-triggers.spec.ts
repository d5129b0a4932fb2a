import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Definition } from '../definition/definition.js'
import { loadCampaign } from '../desk/campaigns.js'
import { DAY_MS, definition, LAUNCH, on, personKey } from '../testing/campaign.js'
import { accessTo, openDeskField, type DeskField } from '../testing/desk-field.js'
import { followTriggers } from './follow-triggers.js'

let field: DeskField
beforeAll(async () => {
  field = await openDeskField()
}, 60_000)
afterAll(() => field.close())

const by = (name: string) => ({ kind: 'person' as const, key: personKey(name), name, aliases: [] })
const follow = async (day = 1): Promise<void> => {
  await followTriggers(field.desk, on(day, 'timer'))
  await field.settle()
}

/** Defined, and seen once: what happens from here on triggers. Definitions of other tests are retired by having no triggers. */
async function watching(id: string, more: Partial<Definition> = {}): Promise<void> {
  field.startAnew([accessTo(1), accessTo(2)])
  await field.define(id, definition({ triggers: ['new consumer', 'control failed', 'wider privilege'], ...more }))
  await follow()
}

async function retire(id: string): Promise<void> {
  await field.define(id, definition())
}

async function campaignsOf(id: string) {
  const { rows } = await field.desk.pool.query<{ id: string }>('SELECT id FROM decisions.campaign WHERE definition = $1 ORDER BY position', [id])
  return Promise.all(rows.map(async (row) => ({ state: await loadCampaign(field.desk, row.id), items: await field.items(row.id) })))
} // prettier-ignore

describe('R6.6 micro-certifications', () => {
  it('ask about what something happened to and nothing else, at once', async () => {
    await watching('fresh')
    await follow()
    expect(await campaignsOf('fresh')).toEqual([])
    await field.becomesKnown({ rows: [accessTo(1), accessTo(2), accessTo(2, { accessor: by('eve') })] })
    await follow()
    const [only, ...others] = await campaignsOf('fresh')
    expect(others).toEqual([])
    expect(only?.state).toMatchObject({ status: 'active', only: { triggers: ['new consumer'] } })
    expect(only?.items).toMatchObject([{ item: { access: { accessor: { name: 'eve' } } }, state: { status: 'assigned', reviewers: [personKey('boss')] } }])
    await follow()
    expect(await campaignsOf('fresh')).toHaveLength(1)
    await retire('fresh')
  }, 30_000) // prettier-ignore

  it('coalesce what happens to one credential, and ask nobody twice while an item is open', async () => {
    await watching('once')
    const id = accessTo(1).credential.id
    await field.append('VerdictChanged', { credential: id, changes: [{ control: 'owned', to: 'controlled' }, { control: 'rotation-age', to: 'uncontrolled' }] })
    // As an older version of Catena wrote it.
    await field.append('VerdictChanged', { credential: id, control: 'grant-ends', to: 'uncontrolled' })
    await field.append('VerdictChanged', { credential: accessTo(2).credential.id, changes: [{ control: 'grant-ends', to: 'controlled' }] })
    await follow()
    await field.becomesKnown({ rows: [accessTo(1, { privileged: true }), accessTo(2)] })
    await Promise.all([follow(), follow()])
    const campaigns = await campaignsOf('once')
    expect(campaigns).toHaveLength(1)
    expect(campaigns[0]?.items.map(({ item }) => item.access.credential.path)).toEqual(['key-1'])
    const events = (await field.ledger.readStream('micro-certification:once')).map(({ type }) => type)
    expect(events).toEqual(['MicroCertificationsTriggered', 'MicroCertificationsHandled', 'MicroCertificationsTriggered', 'MicroCertificationsHandled'])
    await retire('once')
  }, 30_000) // prettier-ignore

  it('note once what two processes find at the same time, and miss nothing that came between them', async () => {
    await watching('twice')
    await field.append('VerdictChanged', { credential: accessTo(1).credential.id, changes: [{ control: 'rotation-age', to: 'uncontrolled' }] })
    let isFirst = true
    const pinned: typeof field.desk.summary.pinned = async (work) => {
      // The other one is done before this one's cut is taken, and more happens.
      if (isFirst) await follow()
      if (isFirst) await field.append('VerdictChanged', { credential: accessTo(2).credential.id, changes: [{ control: 'rotation-age', to: 'uncontrolled' }] })
      isFirst = false
      return field.desk.summary.pinned(work)
    }
    const summary = Object.assign(Object.create(field.desk.summary) as typeof field.desk.summary, { pinned })
    await followTriggers({ ...field.desk, summary }, on(1, 'timer'))
    await follow()
    const events = await field.ledger.readStream('micro-certification:twice')
    const found = events.map(({ payload }) => (JSON.parse(String(payload)) as { found?: { credential: string }[] }).found)
    expect(found.flatMap((some) => some ?? []).map(({ credential }) => credential)).toEqual([1, 2].map((number) => accessTo(number).credential.id))
    await retire('twice')
  }, 30_000) // prettier-ignore

  it('keep to a budget per reviewer: the riskiest first, and what is more waits until there is room, unforgotten', async () => {
    // Somebody of whom nothing was asked yet: the budget is of the reviewer, whatever the definition.
    const stages = [{ ...definition().stages[0]!, reviewers: [{ kind: 'people' as const, people: [personKey('heir')] }] }]
    await watching('many', { reviewsPerWeekMax: 2, stages })
    const news = ['a', 'b', 'c', 'd', 'e'].map((name, index) => accessTo(2, { accessor: by(name), chain: index === 3 ? 'missing' : 'proven' }))
    await field.becomesKnown({ rows: [accessTo(1), accessTo(2), ...news] })
    await follow()
    await follow(2)
    const asked = async (): Promise<string[][]> => (await campaignsOf('many')).map(({ items }) => items.map(({ item }) => (item.access.accessor as { name: string }).name).sort())
    const [first] = await asked()
    expect(await asked()).toEqual([[expect.anything(), 'd']])
    const half = { actor: 'timer', at: LAUNCH + 8 * DAY_MS + 30_000 }
    await followTriggers(field.desk, half)
    expect(await asked()).toHaveLength(1)
    await follow(9)
    await follow(17)
    const all = await asked()
    expect(all.map(({ length }) => length)).toEqual([2, 2, 1])
    expect(all[0]).toEqual(first)
    expect(all.flat().sort()).toEqual(['a', 'b', 'c', 'd', 'e'])
    await retire('many')
  }, 30_000) // prettier-ignore

  it('say what the scope leaves out, and ask of what nobody may review too', async () => {
    await watching('scoped', { scope: 'path = "key-1"', reviewsPerWeekMax: 1 })
    const own = accessTo(1, { accessor: by('boss') })
    await field.becomesKnown({ rows: [accessTo(1), accessTo(2), own, accessTo(2, { accessor: by('eve') })] })
    await follow()
    expect(await campaignsOf('scoped')).toMatchObject([
      { items: [{ item: { reviewers: [] }, state: { status: 'pending' } }] },
    ])
    const [, handled] = await field.ledger.readStream('micro-certification:scoped')
    expect(JSON.parse(handled!.payload!.toString())).toMatchObject({ asked: 1, outOfScope: 1, deferred: 0 })
    await retire('scoped')
  }, 30_000)
})
