import { isRefusal, type Key } from '@catena/domain'
import { decodeDecision, PostgresLedger } from '@catena/ledger'
import { createPool } from '@catena/platform'
import { DecisionViewRunner } from '@catena/projections'
import { startTestPostgres, type TestPostgres } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type pg from 'pg'
import type { Figures } from '../campaign/facts.js'
import { commandCampaign, defineCampaign, loadCampaign } from '../desk/campaigns.js'
import { countItems } from '../desk/count-items.js'
import type { RecertificationDesk } from '../desk/desk.js'
import { commandItems, decideItems } from '../desk/items.js'
import { reviewWork } from '../desk/work.js'
import type { ItemEvent } from '../item/events.js'
import { partiesOf } from '../population/parties.js'
import type { AccessRow } from '../ports/access-summary.js'
import { reportCampaign } from '../report/campaign-report.js'
import { conflictsOf } from '../reviewers/independence.js'
import { accessRow } from '../testing/access.js'
import { DAY_MS, definition, identity, personKey } from '../testing/campaign.js'
import { randomOf } from '../testing/random.js'
import { campaignView } from '../views/campaign-view.js'
import { itemView } from '../views/item-view.js'
import { idsOf } from './carry-out.js'
import { tick } from './tick.js'

const START = Date.UTC(2026, 0, 1, 8)
const STEP_MS = 3 * DAY_MS
const PEOPLE = ['ada', 'bob', 'cleo', 'dan', 'eve'].map((name) => identity(name))
const MANAGER = { actor: 'person:manager', at: START }

let postgres: TestPostgres
let ledger: PostgresLedger
let pool: pg.Pool
let views: DecisionViewRunner

/** A simulated organisation: everybody holds accesses, bob reviews nothing, dan leaves in June. */
const rows: AccessRow[] = PEOPLE.flatMap(({ key, name }, index) => [0, 1, 2].map((slot) => accessRow({
  credential: { id: `${index}${slot}`.padEnd(32, 'a'), system: 'vault/prod', container: 'secret/', path: `team/${name}/${slot}` },
  accessor: { kind: 'person', key, name, aliases: [] },
  lastUsedAt: START,
}))) // prettier-ignore
let now = START

/** A fake of the summary of accesses; everything else is real. */
const summary: RecertificationDesk['summary'] = {
  version: 'fake',
  newest: () => ledger.head(),
  async *rows() {
    await Promise.resolve()
    yield* rows
  },
  rowsOf: (ids) => Promise.resolve(rows.filter(({ credential }) => ids.includes(credential.id))),
  changedSince: () => Promise.resolve(rows.map(({ credential }) => credential.id)),
  pinned: async (work) => work(summary, await ledger.head()),
  completeness: () => Promise.resolve([{ source: 'vault', lastPosition: 1, lastHeardAt: now, isLate: false, gaps: [], stored: 1, quarantined: 0 }]),
} // prettier-ignore
const directory: RecertificationDesk['directory'] = {
  identities: (keys) => Promise.resolve(new Map(keys.flatMap((key) => {
    const known = PEOPLE.find((one) => one.key === key)
    return known === undefined ? [] : [[key, known.name === 'dan' && now > START + 150 * DAY_MS ? { ...known, leftAt: START + 150 * DAY_MS } : known]]
  }))),
  managerOf: () => Promise.resolve(personKey('eve')),
  sponsorOf: () => Promise.resolve(undefined),
  membersOf: () => Promise.resolve([]),
} // prettier-ignore
let desk: RecertificationDesk

beforeAll(async () => {
  postgres = await startTestPostgres()
  const { databaseUrl } = postgres
  ledger = new PostgresLedger({ databaseUrl, clock: { now: () => now } })
  pool = createPool(databaseUrl, { applicationName: 'catena-test' })
  views = new DecisionViewRunner({
    views: [campaignView, itemView],
    log: ledger,
    databaseUrl,
    onError: (error) => console.error(error),
  })
  views.start()
  // Owners in a ring, so that each owns what the next one uses, and one owns his own: he is in conflict, and the manager takes over.
  const owners = new Map(
    rows.map(({ credential }, index) => [credential.id, PEOPLE[(Math.floor(index / 3) + (index % 3)) % 5]!.key]),
  )
  desk = { streams: ledger, pool, summary, directory, owners: { ownersOf: () => Promise.resolve(owners) } }
}, 60_000)
afterAll(async () => {
  await views.stop()
  await pool.end()
  await ledger.close()
  await postgres.stop()
})

const settle = async (): Promise<void> => views.caughtUp(await ledger.head())

/** Whoever reviews decides two thirds of what is open; bob nothing. What was revoked is carried out, and the vault records it. */
async function work(random: ReturnType<typeof randomOf>): Promise<void> {
  for (const reviewer of PEOPLE.filter(({ name }) => name !== 'bob')) {
    for (const { item } of await reviewWork(pool, [reviewer.key], 100)) {
      if (random.below(3) === 0) continue
      const decision = random.pick([
        { kind: 'certify' as const },
        { kind: 'certify' as const },
        { kind: 'revoke' as const },
      ])
      const asked = { items: [item.id], decision, reason: 'looked at it', request: `${now}` }
      await decideItems(desk, asked, reviewer, { actor: reviewer.key, at: now })
    }
  }
  await settle()
}

async function carryOut(campaign: string): Promise<void> {
  for (const id of await idsOf(desk, campaign, ['remediating'])) {
    await commandItems(desk, [id], () => ({ type: 'NoteApplied', how: 'ticket' }), { ...MANAGER, at: now })
    const { rows: found } = await pool.query<{ body: string }>('SELECT body FROM review_population WHERE item = $1::uuid', [id])
    const { access } = JSON.parse(found[0]!.body) as { access: AccessRow }
    const at = rows.findIndex(({ credential }) => credential.id === access.credential.id)
    rows[at] = { ...rows[at]!, ended: { at: now + 1, how: 'revoked', positions: [await ledger.head()] } }
  }
} // prettier-ignore

describe('a year on a fake clock', () => {
  it('R6.1 R6.2 R6.5 R6.9 runs every quarter once, accounts for every item, lets nobody review themselves, and its figures equal a recount', async () => {
    const quarterly = definition({
      name: 'quarterly',
      schedule: { rule: 'FREQ=MONTHLY;INTERVAL=3', zone: 'Europe/Berlin', start: '2026-02-01T09:00' },
      stages: [{ name: 'owner', fromDay: 0, toDay: 14, quorum: 1, reviewers: [{ kind: 'owner' }, { kind: 'owners-manager' }, { kind: 'people', people: [personKey('ada')] }] }],
    })
    expect(isRefusal(await defineCampaign(desk, 'quarterly', quarterly, { ...MANAGER, at: now }, false))).toBe(false)
    await settle()
    const random = randomOf(7)
    for (; now < START + 366 * DAY_MS; now += STEP_MS) {
      await tick(desk, now)
      await settle()
      const { rows: campaigns } = await pool.query<{ id: string; status: string }>('SELECT id, status FROM decisions.campaign')
      for (const { id, status } of campaigns) {
        if (status === 'active') await work(random)
        if (status === 'closing') await commandCampaign(desk, id, { type: 'SignOff', reason: 'bob is absent', undecided: 1 }, { ...MANAGER, at: now })
        if (status === 'remediating') await carryOut(id)
      }
      await settle()
    }
    await check()
  }, 180_000) // prettier-ignore
})

async function check(): Promise<void> {
  const { rows: campaigns } = await pool.query<{ id: string }>('SELECT id FROM decisions.campaign ORDER BY scheduled_for')
  expect(campaigns.map(({ id }) => id.slice(0, 20))).toEqual(['quarterly@2026-02-01', 'quarterly@2026-05-01', 'quarterly@2026-08-01', 'quarterly@2026-11-01'])
  const events = (await ledger.readDecisions(0, 100_000)).flatMap((event) => decodeDecision(event) ?? [])
  let expired = 0
  for (const { id } of campaigns) {
    const state = await loadCampaign(desk, id)
    if (state.status !== 'sealed') throw new Error(`${id} is ${state.status}: ${JSON.stringify([...(await countItems(pool, id)).byStatus])}`)
    expect(state.figures).toEqual(recount(events, id, state.frozen.items))
    const report = await reportCampaign(desk, id)
    expect(report?.figures).toMatchObject({ ...state.figures, open: 0, selfReviews: 0 })
    expect(report?.figures.votes).toBe(events.filter(({ event, stream }) => event.type === 'ReviewDecided' && event.data['campaign'] === id && stream !== '').length)
    expect(report?.quality.reduce((sum, { decisions }) => sum + decisions, 0)).toBe(report?.figures.votes)
    const { items, ...parts } = state.figures
    expect(Object.values(parts).reduce((a, b) => a + b)).toBe(items)
    expired += parts.expired
  }
  expect(expired).toBeGreaterThan(0)
  const votes = events.filter(({ event }) => event.type === 'ReviewDecided')
  expect(votes.length).toBeGreaterThan(20)
  const accessors = await pool.query<{ item: string; body: string }>(`SELECT replace(item::text, '-', '') AS item, body FROM review_population`)
  const access = new Map(accessors.rows.map(({ item, body }) => [item, (JSON.parse(body) as { access: AccessRow }).access]))
  const own = votes.filter(({ stream, event }) => conflictsOf([PEOPLE.find(({ key }) => key === (event.data['reviewer'] as Key))!], partiesOf(access.get(stream.slice('review-item:'.length))!)).length > 0)
  expect(own).toEqual([])
} // prettier-ignore

/** From the events alone: the last outcome that was set for each item. */
function recount(events: readonly { readonly event: { readonly type: string; readonly data: object }; readonly stream: string }[], campaign: string, items: number): Figures {
  const outcomes = new Map<string, string>()
  for (const { event, stream } of events) {
    const own = event as unknown as ItemEvent
    if (own.type === 'ReviewOutcomeSet' && own.data.campaign === campaign) outcomes.set(stream, own.data.outcome.kind)
  }
  const count = (kind: string): number => [...outcomes.values()].filter((one) => one === kind).length
  return { items, certified: count('certify'), revoked: count('revoke'), modified: 0, excepted: 0, moot: 0, superseded: 0, expired: items - outcomes.size }
} // prettier-ignore
