import { isRefusal } from '@catena/domain'
import { decodeDecision, PostgresLedger, type RecordedDecision } from '@catena/ledger'
import { createPool } from '@catena/platform'
import { DecisionViewRunner } from '@catena/projections'
import { startTestPostgres, type TestPostgres } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type pg from 'pg'
import type { CampaignState } from '../campaign/state.js'
import { commandCampaign, defineCampaign, loadCampaign, reiterateCampaign } from '../desk/campaigns.js'
import { countItems, figuresOf } from '../desk/count-items.js'
import type { RecertificationDesk } from '../desk/desk.js'
import { commandItems, decideItems, loadItems } from '../desk/items.js'
import { campaignItems, reviewWork } from '../desk/work.js'
import type { ItemEvent } from '../item/events.js'
import { keysOf } from '../population/identity.js'
import { partiesOf } from '../population/parties.js'
import { reportCampaign } from '../report/campaign-report.js'
import { figuresOver } from '../report/over-campaigns.js'
import { conflictsOf } from '../reviewers/independence.js'
import { DAY_MS, definition, identity, personKey } from '../testing/campaign.js'
import { NAMES, Organisation } from '../testing/organisation.js'
import { randomOf } from '../testing/random.js'
import type { ReviewDecision } from '../votes/decision.js'
import { campaignView } from '../views/campaign-view.js'
import { itemView } from '../views/item-view.js'
import { idsOf } from './carry-out.js'
import { tick } from './tick.js'

const START = Date.UTC(2026, 0, 1, 8)
const STEP_MS = 3 * DAY_MS
/** The year, and the time that the last iteration takes. */
const DAYS = 450
const MANAGER = 'person:manager'

let postgres: TestPostgres
let ledger: PostgresLedger
let pool: pg.Pool
let views: DecisionViewRunner
let organisation: Organisation
let desk: RecertificationDesk
let now = START

beforeAll(async () => {
  postgres = await startTestPostgres()
  const { databaseUrl } = postgres
  ledger = new PostgresLedger({ databaseUrl, clock: { now: () => now } })
  pool = createPool(databaseUrl, { applicationName: 'catena-test' })
  views = new DecisionViewRunner({ views: [campaignView, itemView], log: ledger, databaseUrl, onError: (error) => console.error(error) }) // prettier-ignore
  views.start()
  organisation = new Organisation(() => ledger.head(), () => now, START) // prettier-ignore
  desk = organisation.desk(ledger, pool)
}, 60_000)
afterAll(async () => {
  await views.stop()
  await pool.end()
  await ledger.close()
  await postgres.stop()
})

const settle = async (): Promise<void> => views.caughtUp(await ledger.head())
const by = (actor: string = MANAGER) => ({ actor, at: now })

/** What happens beside the campaigns, by the day of the year. Campaigns begin on days 31, 120, 212 and 304. */
const HAPPENS: readonly { readonly day: number; readonly what: () => Promise<unknown> }[] = [
  { day: 36, what: () => organisation.owns('ada', '21'.padEnd(32, 'a')) }, // cleo moved: ada answers for it now
  { day: 60, what: async () => organisation.comesLate(await credentialCertified()) }, // a record of January comes late
  { day: 125, what: () => organisation.leaves('dan') },
  { day: 128, what: () => organisation.obtains('cleo', '29', 'ada') },
  { day: 218, what: async () => organisation.ends('40'.padEnd(32, 'a'), 'deleted', await ledger.head()) },
]

async function credentialCertified(): Promise<string> {
  const [first] = await pool.query<{ item: string }>(`SELECT replace(item::text, '-', '') AS item FROM decisions.review_item WHERE state #>> '{outcome,kind}' = 'certify' ORDER BY number`).then(({ rows }) => rows)
  return (await loadItems(desk, [first!.item]))[0]!.item.access.credential.id
} // prettier-ignore

/** bob is absent all year, and dan from before he leaves. */
function isAbsent(name: string): boolean {
  return name === 'bob' || (name === 'dan' && now > START + 118 * DAY_MS)
}

const DECISIONS = (): readonly ReviewDecision[] => [
  { kind: 'certify' }, { kind: 'certify' }, { kind: 'certify' }, { kind: 'revoke' }, { kind: 'revoke' }, { kind: 'modify', until: now + 90 * DAY_MS },
  { kind: 'exception', until: now + 90 * DAY_MS, compensatingControls: ['logged'] },
] // prettier-ignore

const triedOwn = { votes: 0, delegations: 0 }

/** Everybody tries to certify what they hold themselves, or has it handed to them. */
async function tryOwn(campaign: string): Promise<void> {
  for (const { item, state } of await campaignItems(pool, campaign, 1_000)) {
    const self = NAMES.map((name) => organisation.person(name)).find(({ key }) => key === keysOf(item.access.accessor)[0])
    if (self === undefined) continue
    const vote = { items: [item.id], decision: { kind: 'certify' as const }, reason: 'mine', request: `own ${now}` }
    expect(await decideItems(desk, vote, self, by(self.key))).toMatchObject({ refused: expect.any(String) })
    triedOwn.votes += 1
    const [holder] = state.reviewers
    if (holder === undefined) continue
    const from = organisation.person(NAMES.find((name) => organisation.person(name).key === holder) ?? 'ada')
    const passed = await commandItems(desk, [item.id], () => ({ type: 'Delegate', from, to: self, others: new Map(), reason: 'yours' }), by(from.key))
    expect(passed).toMatchObject({ refused: expect.any(String) })
    triedOwn.delegations += 1
  }
} // prettier-ignore

/** Whoever reviews decides two thirds of what is open. */
async function work(random: ReturnType<typeof randomOf>): Promise<void> {
  for (const name of NAMES.filter((one) => !isAbsent(one))) {
    const reviewer = organisation.person(name)
    for (const { item } of await reviewWork(pool, [reviewer.key], 100)) {
      if (random.below(3) === 0) continue
      const decision = random.pick(DECISIONS())
      await decideItems(desk, { items: [item.id], decision, reason: 'looked at it', request: `${now}` }, reviewer, by(reviewer.key)) // prettier-ignore
    }
  }
  await settle()
}

let comeBack = 0

/** What was ordered is done, and the vault records it; twice somebody uses the access again before the silence is over. */
async function carryOut(campaign: string): Promise<void> {
  for (const id of await idsOf(desk, campaign, ['applied'])) {
    const [loaded] = await loadItems(desk, [id])
    if (comeBack === 2 || loaded === undefined) break
    comeBack += 1
    await organisation.uses(loaded.item.access.credential.id, await ledger.head())
  }
  for (const id of await idsOf(desk, campaign, ['remediating'])) {
    await commandItems(desk, [id], () => ({ type: 'NoteApplied', how: 'ticket' }), by())
    const [loaded] = await loadItems(desk, [id])
    now += 1
    await organisation.ends(loaded!.item.access.credential.id, 'revoked', await ledger.head())
  }
}

async function manage(state: CampaignState, random: ReturnType<typeof randomOf>): Promise<void> {
  if (state.status === 'draft') return
  const { id, status } = state
  if (status === 'active') await tryOwn(id)
  if (status === 'active') await work(random)
  if (status === 'closing') await commandCampaign(desk, id, { type: 'SignOff', reason: 'bob is absent', undecided: figuresOf(await countItems(pool, id)).expired }, by())
  if (status === 'remediating' || status === 'verifying') await carryOut(id)
  if (status === 'sealed' && state.iterationOf === undefined) await reiterateCampaign(desk, id, by())
} // prettier-ignore

async function campaigns(): Promise<CampaignState[]> {
  const { rows } = await pool.query<{ id: string }>('SELECT id FROM decisions.campaign ORDER BY scheduled_for, id')
  return Promise.all(rows.map(({ id }) => loadCampaign(desk, id)))
}

describe('a year on a fake clock', () => {
  it('R6.1 R6.2 R6.5 R6.9 runs every quarter once, accounts for every item, lets nobody review themselves, and its figures equal a recount', async () => {
    const quarterly = definition({
      name: 'quarterly',
      schedule: { rule: 'FREQ=MONTHLY;INTERVAL=3;COUNT=4', zone: 'Europe/Berlin', start: '2026-02-01T09:00' },
      stages: [{ name: 'owner', fromDay: 0, toDay: 14, quorum: 1, reviewers: [{ kind: 'owner' }, { kind: 'owners-manager' }, { kind: 'people', people: [personKey('ada')] }] }],
    })
    expect(isRefusal(await defineCampaign(desk, 'quarterly', quarterly, by(), false))).toBe(false)
    await settle()
    const random = randomOf(7)
    const happens = [...HAPPENS]
    for (; now < START + DAYS * DAY_MS; now += STEP_MS) {
      while (happens[0] !== undefined && now >= START + happens[0].day * DAY_MS) await happens.shift()?.what()
      await tick(desk, now)
      await settle()
      for (const state of await campaigns()) await manage(state, random)
      await settle()
    }
    await check()
  }, 300_000) // prettier-ignore
})

type History = readonly (RecordedDecision & { readonly own: ItemEvent })[]

async function check(): Promise<void> {
  const history: History = (await ledger.readDecisions(0, 100_000)).flatMap((event) => decodeDecision(event) ?? []).map((one) => ({ ...one, own: one.event as unknown as ItemEvent }))
  const all = await campaigns()
  expect(all.flatMap((state) => (state.status === 'draft' || state.iterationOf !== undefined ? [] : [state.id.slice(0, 20)]))).toEqual(['quarterly@2026-02-01', 'quarterly@2026-05-01', 'quarterly@2026-08-01', 'quarterly@2026-11-01'])
  const { rows: figures } = await figuresOver(desk, { definition: undefined, from: undefined, to: undefined })
  const total = { expired: 0, moot: 0, impeached: 0, regressions: 0, late: 0, modified: 0, excepted: 0 }
  for (const state of all) {
    if (state.status !== 'sealed' && state.status !== 'reiterated') throw new Error(`a campaign is ${state.status}`)
    const own = history.filter(({ own: { data } }) => (data as { campaign?: string }).campaign === state.id)
    const counted = recount(own, state.frozen.items + state.supplements.reduce((sum, { items }) => sum + items, 0))
    const report = await reportCampaign(desk, state.id)
    expect(report?.figures).toMatchObject({ ...counted, open: 0, selfReviews: 0 })
    expect(state.figures).toEqual(report?.figures)
    expect(figures.find(({ campaign }) => campaign.id === state.id)?.figures).toEqual(report?.figures)
    expect(report?.quality.reduce((sum, { decisions }) => sum + decisions, 0)).toBe(counted.votes)
    const { items, certified, revoked, modified, excepted, moot, superseded, expired } = state.figures
    expect(certified + revoked + modified + excepted + moot + superseded + expired).toBe(items)
    for (const name of Object.keys(total) as (keyof typeof total)[]) total[name] += counted[name]
    if (state.status === 'reiterated') await checkCarried(state.id, state.by)
  }
  for (const [name, count] of Object.entries(total)) expect([name, count > 0]).toEqual([name, true])
  expect(history.filter(({ own }) => own.type === 'ReviewItemAssigned' && own.data.why.endsWith('has left')).length).toBeGreaterThan(0)
  expect(history.filter(({ own }) => own.type === 'ReviewOwnerAttested').length).toBeGreaterThan(0)
  expect(all.some((state) => state.status !== 'draft' && state.supplements.length > 0)).toBe(true)
  expect(Math.min(triedOwn.votes, triedOwn.delegations)).toBeGreaterThan(100)
  await checkIndependence(history)
} // prettier-ignore

/** From the events alone. */
function recount(events: History, items: number) {
  const of = (type: ItemEvent['type']): string[] => events.filter(({ own }) => own.type === type).map(({ stream }) => stream)
  const [moot, superseded] = [new Set(of('ReviewItemMoot')), new Set(of('ReviewItemSuperseded'))]
  const outcomes = new Map<string, string>()
  for (const { own, stream } of events) if (own.type === 'ReviewOutcomeSet' && !moot.has(stream)) outcomes.set(stream, own.data.outcome.kind)
  const count = (kind: string): number => [...outcomes.values()].filter((one) => one === kind).length
  const votes = events.flatMap(({ own }) => (own.type === 'ReviewDecided' ? [own.data] : []))
  return {
    items, certified: count('certify'), revoked: count('revoke'), modified: count('modify'), excepted: count('exception'), moot: moot.size, superseded: superseded.size,
    expired: items - outcomes.size - moot.size - superseded.size, votes: votes.length, late: votes.filter(({ isLate }) => isLate).length,
    impeached: new Set(of('ReviewDecisionImpeached')).size, regressions: of('AccessRegressed').length,
    orders: new Set(of('RemediationOrdered')).size, verified: new Set(of('RemediationVerified')).size,
    afterLeaving: votes.filter(({ isAfterLeaving }) => isAfterLeaving).length, conflictsFound: of('ReviewConflictFound').length,
    conflictsRefused: events.filter(({ own }) => own.type === 'ReviewDecisionRefused' && own.data.code === 'CONFLICT_OF_INTEREST').length,
    medianToVerifiedMs: medianToVerified(events),
  }
} // prettier-ignore

/** From the first order of an item to its last proof; of an even number the later of both in the middle. */
function medianToVerified(events: History): number | undefined {
  const [ordered, spans] = [new Map<string, number>(), new Map<string, number>()]
  for (const { own, stream, by: { at } } of events) {
    if (own.type === 'RemediationOrdered' && !ordered.has(stream)) ordered.set(stream, at)
    if (own.type === 'RemediationVerified') spans.set(stream, at - (ordered.get(stream) ?? at))
  }
  return [...spans.values()].sort((a, b) => a - b)[spans.size >> 1]
} // prettier-ignore

/** What was never answered, contradicted or back is asked again by name. */
async function checkCarried(id: string, next: string): Promise<void> {
  const [before, after] = [await campaignItems(pool, id, 1_000), await campaignItems(pool, next, 1_000)]
  const asked = new Set(after.map(({ item }) => item.subject))
  const left = before.filter(({ state }) => state.status === 'expired unreviewed' || state.isImpeached)
  expect(left.filter(({ item }) => !asked.has(item.subject))).toEqual([])
}

async function checkIndependence(history: History): Promise<void> {
  const votes = history.flatMap(({ own, stream }) => (own.type === 'ReviewDecided' ? [{ item: stream.slice('review-item:'.length), reviewer: own.data.reviewer }] : []))
  expect(votes.length).toBeGreaterThan(40)
  for (const { item, reviewer } of votes) {
    const { rows } = await pool.query<{ body: string }>('SELECT body FROM review_population WHERE item = $1::uuid', [item])
    const { access } = JSON.parse(rows[0]!.body) as { access: Parameters<typeof partiesOf>[0] }
    expect(conflictsOf([identity(reviewer.slice('person:idp:'.length))], partiesOf(access))).toEqual([])
  }
} // prettier-ignore
