import { WALK_DEFAULTS } from '@catena/access-chain'
import { connectorFor } from '@catena/connectors'
import { isRefusal, makeKey, type Decided } from '@catena/domain'
import { CONTROLS, evaluate, HistoryReader, SHARING, sharingStream, type CredentialHistory } from '@catena/governance'
import { deriveIntakeKeys } from '@catena/ingest'
import { handleCommand, PostgresLedger } from '@catena/ledger'
import { connect } from '@catena/platform'
import { DecisionViewRunner, type AccessReader, type KnownAsOf } from '@catena/projections'
import {
  campaignItems,
  commandCampaign,
  decideItems,
  defineCampaign,
  DEFINITION_DEFAULTS,
  launchCampaign,
  loadItems,
  scheduleCampaign,
  tick,
  type RecertificationDesk,
} from '@catena/recertification'
import { feedRecording, openRecording, startTestPostgres, type TestPostgres } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type pg from 'pg'
import { accessIndexRunner, openReader } from '../access.js'
import { DECISION_VIEWS } from '../decision-views.js'
import { governanceFollowers } from '../governance.js'
import { recertificationDesk } from './desk.js'

const DAY_MS = 86_400_000
const START = Date.parse('2027-01-01T00:00:00Z')
const boss = makeKey('person', 'catena', 'boss')
const GUARDED = CONTROLS.filter(({ id }) => id === 'long-lived-guarded')

let now = START
let postgres: TestPostgres
let ledger: PostgresLedger
let reader: AccessReader
let desk: RecertificationDesk
let client: pg.Client
let follow: () => Promise<void>
const closers: (() => Promise<unknown>)[] = []
const by = (actor = 'person:manager'): Decided => ({ actor, at: now })

beforeAll(async () => {
  postgres = await startTestPostgres()
  const { databaseUrl } = postgres
  const clock = { now: () => now }
  ledger = new PostgresLedger({ databaseUrl, clock })
  const recording = await openRecording()
  const { sources } = recording
  const configuration = { walk: WALK_DEFAULTS, sources, file: undefined, webhookSecrets: new Map() }
  const instance = { databaseUrl, ledger, interpretation: { sources, connectorFor }, configuration }
  const opened = openReader(instance)
  reader = opened.reader
  const onError = (error: unknown): void => console.error(error)
  const index = accessIndexRunner(instance, onError)
  const views = new DecisionViewRunner({ views: DECISION_VIEWS, log: ledger, databaseUrl, onError })
  index.start()
  views.start()
  client = await connect(databaseUrl, { applicationName: 'catena-test' })
  closers.push(() => views.stop(), () => index.stop(), () => client.end(), opened.close, () => ledger.close(), () => postgres.stop()) // prettier-ignore
  const followers = governanceFollowers(instance, reader, clock.now)
  follow = async () => {
    for (let round = 0; round < 3; round++) {
      const head = await ledger.head()
      await Promise.all([index.caughtUp(head), views.caughtUp(head)])
      for (const { follow: step } of followers) while (await step(client));
    }
  }
  desk = recertificationDesk(instance, reader, clock)
  await feedRecording(recording, ledger, deriveIntakeKeys(Buffer.alloc(32, 7)))
  await follow()
}, 240_000)
afterAll(async () => {
  for (const close of closers) await close()
})

const judge = (history: CredentialHistory | undefined) =>
  history && evaluate(history, GUARDED, { 'long-lived-guarded': { longLivedDays: 1 } }).results[0]
const onDate = async (credential: string, asOf?: KnownAsOf, at = now) =>
  new HistoryReader(reader).onDate(asOf ?? (await reader.asOf()), credential, at)
async function current(credential: string): Promise<CredentialHistory | undefined> {
  for await (const [history] of new HistoryReader(reader).current([credential], now)) return history
  return undefined
}

async function sharedSecret(): Promise<string> {
  const { rows } = await client.query<{ credential: string }>(
    `SELECT replace(credential::text, '-', '') AS credential FROM governance.access_summary GROUP BY 1 HAVING count(*) > 1 ORDER BY 1`,
  )
  for (const { credential } of rows) if (judge(await onDate(credential)) !== undefined) return credential
  throw new Error('the recording has no old shared secret')
}

async function watched(credential: string): Promise<void> {
  const stream = sharingStream('alert', 'watch')
  const alert = { credentials: [credential], name: 'anomaly', heartbeatMs: 400 * DAY_MS }
  await handleCommand(ledger, SHARING.alert, { stream, command: { do: 'DeclareAlert', alert }, by: by() })
  await handleCommand(ledger, SHARING.alert, { stream, command: { do: 'ReportAlert', test: true }, by: by() })
}

async function launch(id: string): Promise<string> {
  const reviewers = [{ kind: 'people' as const, people: [boss] }]
  const stages = [{ name: 'one', fromDay: 0, toDay: 7, quorum: 1, reviewers }]
  const definition = { ...DEFINITION_DEFAULTS, name: id, scope: 'all', stages, launchIncomplete: true }
  const defined = await defineCampaign(desk, id, definition, by(), false)
  if (isRefusal(defined)) throw new Error(defined.message)
  const scheduled = await scheduleCampaign(desk, { definition: id, cause: 'run', at: now }, by())
  if (isRefusal(scheduled)) throw new Error(scheduled.message)
  const launched = await launchCampaign(desk, scheduled.id, by())
  if (isRefusal(launched)) throw new Error(launched.message)
  await follow()
  return scheduled.id
}

async function certify(campaign: string, credential: string): Promise<void> {
  const items = (await campaignItems(desk.pool, campaign, 1000)).filter(({ item }) => item.access.credential.id === credential) // prettier-ignore
  for (const { item } of items) {
    const vote = { items: [item.id], decision: { kind: 'certify' as const }, reason: 'looked', request: item.id }
    const person = { key: boss, name: 'boss', aliases: [], groups: [], leftAt: undefined }
    const answer = await decideItems(desk, vote, person, by('person:boss'))
    if (isRefusal(answer)) throw new Error(answer.message)
  }
  expect((await loadItems(desk, items.map(({ item }) => item.id))).every(({ state }) => state.status === 'decided')).toBe(true) // prettier-ignore
}

async function later(days: number): Promise<void> {
  now += days * DAY_MS
  await follow()
  for (let turn = 0; turn < 2; turn++) {
    await tick(desk, now)
    await follow()
  }
}

describe('the reviews of an old shared secret', () => {
  it('R5.4 make it guarded once everybody who has it was certified, until that lapses; where no campaign asked it is not known', async () => {
    const credential = await sharedSecret()
    await watched(credential)
    await follow()
    expect(judge(await onDate(credential))).toMatchObject({ verdict: 'unknown', reason: expect.stringContaining('no campaign asked about') }) // prettier-ignore
    const campaign = await launch('first')
    const asking = judge(await onDate(credential))
    expect(asking).toMatchObject({ verdict: 'unknown', reason: expect.stringContaining('a campaign still asks about') })
    const before = await reader.asOf()
    now += DAY_MS
    await certify(campaign, credential)
    await later(30)
    await commandCampaign(desk, campaign, { type: 'SignOff', reason: 'the others were never answered', undecided: await unanswered(campaign) }, by()) // prettier-ignore
    await later(1)
    const history = await onDate(credential)
    const judged = judge(history)
    expect(judged).toMatchObject({ verdict: 'controlled', validUntil: START + 181 * DAY_MS })
    expect(judge(await current(credential))).toEqual(judged)
    const { reviews } = history!.sharing
    expect(reviews.flatMap(({ positions }) => positions)).toEqual(expect.arrayContaining([...judged!.witnesses]))
    const [vote] = await ledger.readAt(reviews[0]!.positions.slice(0, 1))
    expect([vote!.type, vote!.actor, judged!.witnesses.length > 0]).toEqual(['ReviewDecided', 'person:boss', true])
    // What was known, and what was in force, before the decision stays as it was.
    expect(judge(await onDate(credential, before, START + 1000))).toEqual(asking)
    expect(judge(await onDate(credential, undefined, START + 1000))?.verdict).toBe('unknown')
    expect(judge(await onDate(credential, undefined, START + 200 * DAY_MS))).toMatchObject({ verdict: 'uncontrolled', reason: expect.stringContaining('lapsed') }) // prettier-ignore
  }, 120_000)

  it('R5.4 leave it uncontrolled where a campaign asked and nobody answered', async () => {
    const { rows } = await client.query<{ credential: string }>(
      `SELECT replace(credential::text, '-', '') AS credential FROM governance.access_summary GROUP BY 1 HAVING count(*) > 1 ORDER BY 1`,
    )
    const guarded = await sharedSecret()
    const failed = []
    for (const { credential } of rows) {
      const judged = credential === guarded ? undefined : judge(await onDate(credential))
      if (judged !== undefined) failed.push(judged)
    }
    expect(failed.length).toBeGreaterThan(0)
    for (const { verdict, reason } of failed)
      expect([verdict, reason]).toEqual(['uncontrolled', expect.stringContaining('nobody answered about')])
  }, 60_000)

  it('R5.2 are judged anew when they change, live as by walking the history', async () => {
    const credential = await sharedSecret()
    const { rows } = await client.query<{ body: { at: number } }>('SELECT body FROM governance.evaluation WHERE credential = $1', [credential]) // prettier-ignore
    expect(rows[0]!.body.at).toBeGreaterThan(START + 30 * DAY_MS)
    expect((await current(credential))?.sharing.reviews).toEqual((await onDate(credential))?.sharing.reviews)
  }, 60_000)
})

async function unanswered(campaign: string): Promise<number> {
  const { rows } = await client.query<{ count: string }>(
    `SELECT count(*) FROM decisions.campaign_population n JOIN review_population p USING (population) LEFT JOIN decisions.review_item i ON i.item = p.item
     WHERE n.campaign = $1 AND (i.item IS NULL OR i.status NOT IN ('outcome set', 'closed'))`,
    [campaign],
  )
  return Number(rows[0]!.count)
}
