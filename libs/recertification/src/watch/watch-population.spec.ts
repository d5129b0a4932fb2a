import { isRefusal, type Key } from '@catena/domain'
import { PostgresLedger } from '@catena/ledger'
import { createPool } from '@catena/platform'
import { DecisionViewRunner } from '@catena/projections'
import { startTestPostgres, type TestPostgres } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type pg from 'pg'
import {
  commandCampaign,
  defineCampaign,
  launchCampaign,
  loadCampaign,
  reiterateCampaign,
  scheduleCampaign,
} from '../desk/campaigns.js'
import { checkPopulation } from '../desk/check-population.js'
import type { RecertificationDesk } from '../desk/desk.js'
import { decideItems, loadItems } from '../desk/items.js'
import { campaignItems } from '../desk/work.js'
import type { AccessRow } from '../ports/access-summary.js'
import { accessRow } from '../testing/access.js'
import { advanceCampaign } from '../testing/advance-campaign.js'
import { definition, identity, LAUNCH, on, personKey } from '../testing/campaign.js'
import { campaignView } from '../views/campaign-view.js'
import { itemView } from '../views/item-view.js'

const access = (number: number, more: Partial<AccessRow> = {}): AccessRow =>
  accessRow({ credential: { id: String(number).padStart(32, '0'), system: 'vault/prod', container: 'secret/', path: `key-${number}` }, ...more }) // prettier-ignore
const FROZEN = [1, 2, 3, 4].map((number) => access(number))
const heir = identity('heir')

let postgres: TestPostgres
let ledger: PostgresLedger
let pool: pg.Pool
let views: DecisionViewRunner
let desk: RecertificationDesk
/** A fake of the summary: rows as they are known from a position on. Everything else is real. */
let known: { from: number; rows: AccessRow[] }[] = []
let leavers: Key[] = []
let version = 'fake'

beforeAll(async () => {
  postgres = await startTestPostgres()
  const { databaseUrl } = postgres
  ledger = new PostgresLedger({ databaseUrl, clock: { now: () => LAUNCH } })
  pool = createPool(databaseUrl, { applicationName: 'catena-test' })
  const onError = (error: unknown): void => console.error(error)
  views = new DecisionViewRunner({ views: [campaignView, itemView], log: ledger, databaseUrl, onError })
  views.start()
  const rowsAt = (position: number): AccessRow[] => known.findLast(({ from }) => from <= position)?.rows ?? []
  const summary: RecertificationDesk['summary'] = {
    get version() {
      return version
    },
    newest: () => ledger.head(),
    async *rows({ position }) {
      await Promise.resolve()
      yield* rowsAt(position)
    },
    rowsOf: (ids, { position }) => Promise.resolve(rowsAt(position).filter(({ credential }) => ids.includes(credential.id))),
    knownBy: () => Promise.resolve(new Map()),
    changedSince: () => Promise.resolve([...new Set(known.flatMap(({ rows }) => rows.map(({ credential }) => credential.id)))]),
    completeness: () => Promise.resolve([{ source: 'vault', lastPosition: 1, lastHeardAt: 1, isLate: false, gaps: [], stored: 1, quarantined: 0 }]),
    pinned: async (work) => work(summary, await ledger.head()),
  }
  const directory: RecertificationDesk['directory'] = {
    identities: (keys) => Promise.resolve(new Map(keys.map((key) => [key, { ...identity('x'), key, leftAt: leavers.includes(key) ? LAUNCH : undefined }]))),
    managerOf: () => Promise.resolve(undefined),
    sponsorOf: () => Promise.resolve(undefined),
    membersOf: () => Promise.resolve([]),
  }
  desk = { streams: ledger, pool, summary, directory, owners: { ownersOf: () => Promise.resolve(new Map()) } }
}, 60_000) // prettier-ignore
afterAll(async () => {
  await views.stop()
  await pool.end()
  await ledger.close()
  await postgres.stop()
})

const settle = async (): Promise<void> => views.caughtUp(await ledger.head())

async function launched(id: string): Promise<string> {
  known = [{ from: 0, rows: FROZEN }]
  leavers = []
  const stages = [{ name: 'one', fromDay: 0, toDay: 14, quorum: 1, reviewers: [{ kind: 'people' as const, people: [personKey('boss')] }, { kind: 'people' as const, people: [heir.key] }] }]
  const defined = await defineCampaign(desk, id, definition({ stages }), on(0), false)
  const scheduled = await scheduleCampaign(desk, { definition: id, cause: 'run', at: LAUNCH }, on(0))
  if (isRefusal(defined) || isRefusal(scheduled)) throw new Error('refused')
  await launchCampaign(desk, scheduled.id, on(0))
  await settle()
  return scheduled.id
} // prettier-ignore

async function advance(id: string, day: number): Promise<void> {
  await advanceCampaign(desk, id, on(day, 'timer:recertification'))
  await settle()
}

async function becomesKnown(...rows: AccessRow[]): Promise<void> {
  known.push({ from: (await ledger.head()) + 1, rows })
  await ledger.appendDecisions(`news:${known.length}:${await ledger.head()}`, 0, [
    { type: 'News', schemaVersion: 1, occurredAt: LAUNCH, actor: 'test', payload: Buffer.from('{}'), subjects: [] },
  ])
}

const statuses = async (id: string): Promise<string[]> =>
  (await campaignItems(pool, id, 100)).map(({ state }) => state.status)

async function decide(id: string, number: number, kind: 'certify' | 'revoke'): Promise<void> {
  const item = (await campaignItems(pool, id, 100)).find((one) => one.item.number === number)!
  await decideItems(desk, { items: [item.item.id], decision: { kind }, reason: 'looked', request: `${id}${number}` }, identity('boss'), on(1))
  await settle()
} // prettier-ignore

describe('a running campaign', () => {
  it('new credential after the freeze: a supplement with reviewers, never silent; with the changed, the deleted and the unchanged told apart', async () => {
    const id = await launched('watched')
    const [first, second, third, fourth] = FROZEN as [AccessRow, AccessRow, AccessRow, AccessRow]
    await becomesKnown({ ...first, privileged: true }, { ...second, ended: { at: LAUNCH + 1, how: 'deleted', positions: [7] } }, { ...third, version: 4 }, fourth, access(5))
    await advance(id, 2)
    expect(await statuses(id)).toEqual(['drifted', 'moot', 'assigned', 'assigned', 'assigned'])
    const state = await loadCampaign(desk, id)
    expect(state).toMatchObject({ supplements: [{ items: 1, position: expect.any(Number) as unknown }] })
    await advance(id, 3)
    expect(await statuses(id)).toEqual(['drifted', 'moot', 'assigned', 'assigned', 'assigned'])
    expect(await loadCampaign(desk, id)).toEqual(state)
  }, 30_000) // prettier-ignore

  it('R6.1 is made again with its supplements, and told apart from one that other rules made', async () => {
    const id = 'watched@run'
    expect(await checkPopulation(desk, id)).toMatchObject({ isSame: true, isSameVersion: true, supplements: [{ isSame: true }] })
    version = 'newer'
    expect(await checkPopulation(desk, id)).toMatchObject({ isSame: true, isSameVersion: false })
    version = 'fake'
    known[0] = { from: 0, rows: FROZEN.slice(1) }
    expect(await checkPopulation(desk, id)).toMatchObject({ isSame: false, isSameVersion: true, supplements: [{ isSame: true }] })
  }) // prettier-ignore

  it('reviewer leaves: open work goes to the next rule that finds somebody, decisions stand', async () => {
    const id = await launched('leaving')
    await decide(id, 1, 'certify')
    leavers = [personKey('boss')]
    await becomesKnown(...FROZEN)
    await advance(id, 2)
    const items = await campaignItems(pool, id, 100)
    expect(items.map(({ state }) => state.reviewers)).toEqual([[personKey('boss')], [heir.key], [heir.key], [heir.key]])
    expect(items[0]?.state).toMatchObject({ status: 'decided', votes: [{ reviewer: personKey('boss') }] })
  }, 30_000)

  it('late records: a closed decision is impeached, stays, and is carried into the next iteration with what nobody answered', async () => {
    const id = await launched('late')
    await decide(id, 1, 'certify')
    await decide(id, 2, 'certify')
    for (const day of [15, 22, 22]) await advance(id, day)
    await becomesKnown({ ...FROZEN[0]!, chain: 'ambiguous' }, ...FROZEN.slice(1))
    await advance(id, 23)
    const [impeached, kept] = await campaignItems(pool, id, 100)
    expect(impeached?.state).toMatchObject({ isImpeached: true, outcome: { kind: 'certify' } })
    expect(kept?.state).toMatchObject({ isImpeached: false })
    await commandCampaign(desk, id, { type: 'SignOff', reason: 'two were never answered', undecided: 2 }, on(24))
    for (const day of [24, 25, 26]) await advance(id, day)
    expect(await loadCampaign(desk, id)).toMatchObject({
      status: 'sealed',
      figures: { items: 4, certified: 2, expired: 2 },
    })
    const next = await reiterateCampaign(desk, id, on(27))
    await settle()
    if (isRefusal(next)) throw new Error(next.message)
    expect(await loadCampaign(desk, id)).toMatchObject({ status: 'reiterated', by: next.id })
    const again = await campaignItems(pool, next.id, 100)
    expect(again.map(({ item }) => item.access.credential.path)).toEqual(['key-1', 'key-3', 'key-4'])
    expect(await reiterateCampaign(desk, id, on(28))).toMatchObject({ id: next.id })
    expect(await checkPopulation(desk, next.id)).toMatchObject({ isSame: true })
  }, 30_000)

  it('of an earlier version, whose items were written without their credential, is watched too', async () => {
    const id = await launched('older')
    await pool.query('ALTER TABLE review_population DISABLE TRIGGER USER')
    await pool.query(`UPDATE review_population p SET credential = NULL FROM decisions.campaign_population n WHERE n.population = p.population AND n.campaign = $1`, [id])
    await pool.query('ALTER TABLE review_population ENABLE TRIGGER USER')
    await becomesKnown({ ...FROZEN[0]!, privileged: true }, ...FROZEN.slice(1))
    await advance(id, 2)
    expect(await statuses(id)).toEqual(['drifted', 'assigned', 'assigned', 'assigned'])
  }, 30_000) // prettier-ignore

  it('is told once: conflicts that became known are on record, and nobody who is party decides', async () => {
    const id = await launched('conflict')
    await becomesKnown({ ...FROZEN[0]!, initiators: [personKey('boss')] }, ...FROZEN.slice(1))
    await advance(id, 2)
    const [first] = await campaignItems(pool, id, 1)
    const events = await ledger.readStream(`review-item:${first!.item.id}`)
    expect(events.map(({ type }) => type)).toEqual(['ReviewItemDrifted', 'ReviewConflictFound'])
    const vote = { items: [first!.item.id], decision: { kind: 'certify' as const }, reason: 'mine', request: 'own' }
    expect(await decideItems(desk, vote, identity('boss'), on(3))).toMatchObject({ refused: 'CONFLICT_OF_INTEREST' })
    expect(await loadItems(desk, [first!.item.id])).toMatchObject([{ state: { status: 'drifted', votes: [] } }])
  }, 30_000)
})
