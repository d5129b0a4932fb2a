import { join } from 'node:path'
import { decodeDecision, PostgresLedger } from '@catena/ledger'
import { createPool } from '@catena/platform'
import { DecisionViewRunner } from '@catena/projections'
import { campaignView, itemView, loadCampaign, reportCampaign } from '@catena/recertification'
import { startTestPostgres, type TestPostgres } from '@catena/testing'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type pg from 'pg'
import { bundleProgram } from './bundle-program.js'
import { runProgram } from './run-program.js'
import { commitProxy, type CommitSeen, type Verdict } from './commit-proxy.js'
import { bySeed, struckAtRandom } from './struck.js'

const ROOT = join(import.meta.dirname, '..', '..')
const BUNDLE = join(ROOT, 'node_modules', '.cache', 'catena-faults', 'campaign-process.mjs')
/** A launch starts again where it was cut short, so that it takes a process with as many; from then on each dies at its first. */
const LAUNCH_COMMITS = 5
const KILLS = 22

let database: TestPostgres
let ledger: PostgresLedger
let pool: pg.Pool
let views: DecisionViewRunner

beforeAll(() => bundleProgram(join(import.meta.dirname, 'campaign-process.ts')), 60_000)
beforeEach(async () => {
  database = await startTestPostgres()
  const { databaseUrl } = database
  ledger = new PostgresLedger({ databaseUrl })
  pool = createPool(databaseUrl, { applicationName: 'spec' })
  views = new DecisionViewRunner({ views: [campaignView, itemView], log: ledger, databaseUrl, onError: (error) => console.error(error) })
  views.start()
}, 60_000) // prettier-ignore
afterEach(async () => {
  await views.stop()
  await pool.end()
  await ledger.close()
  await database.stop()
})

/** Resolves with the exit code or the signal; the process dies at its nth COMMIT, before it or after it was carried out. */
async function runUntil(number: number, verdict: Verdict): Promise<number | string> {
  const started: { kill?: () => void } = {}
  const judge = (commit: CommitSeen): Verdict => (commit.number === number ? verdict : 'pass')
  const proxy = await commitProxy(database.databaseUrl, judge, () => started.kill?.())
  const { child, end } = runProgram(BUNDLE, { databaseUrl: proxy.databaseUrl })
  started.kill = () => child.kill('SIGKILL')
  await end.finally(() => proxy.close())
  return end
} // prettier-ignore

describe('a campaign whose process is killed with SIGKILL at its commits', () => {
  it('R6.1 R6.4 is launched, decided in bulk and closed as if nothing had happened: once, all of it, nothing lost', async () => {
    const stood = new Set<string>()
    for (let kill = 0; kill < KILLS; kill++) {
      expect(await runUntil(kill < LAUNCH_COMMITS ? 1 + kill : 1, kill % 2 === 0 ? 'lose-answer' : 'hold')).toBe('SIGKILL')
      stood.add((await loadCampaign({ streams: ledger }, 'killed@run')).status)
    }
    expect([...stood]).toEqual(expect.arrayContaining(['populating', 'active', 'closing', 'remediating']))
    expect(await runUntil(Infinity, 'pass')).toBe(0)
    await expectAllOfItOnce()
  }, 120_000) // prettier-ignore

  it('R6.1 R6.4 is so from whichever moment, between two commits or within a statement', () => bySeed(async () => {
    const strikes = await struckAtRandom(BUNDLE, { databaseUrl: database.databaseUrl })
    process.stderr.write(`a campaign was struck after ${strikes.join(', ')} ms\n`)
    expect(strikes.length).toBeGreaterThan(3)
    await expectAllOfItOnce()
  }), 240_000) // prettier-ignore
})

async function expectAllOfItOnce(): Promise<void> {
  const events = (await ledger.readDecisions(0, 100_000)).flatMap((event) => decodeDecision(event) ?? [])
  const count = (type: string): number => events.filter(({ event }) => event.type === type).length
  expect(['PopulationFrozen', 'CampaignLaunched', 'CampaignClosing', 'CampaignSignedOff', 'CampaignSealed'].map(count)).toEqual([1, 1, 1, 1, 1])
  expect(count('ReviewDecided')).toBe(200)
  expect(count('ReviewOutcomeSet')).toBe(200)
  const report = await reportCampaign({ streams: ledger, pool }, 'killed@run')
  expect(report?.figures).toMatchObject({ items: 400, certified: 200, expired: 200, open: 0, votes: 200, selfReviews: 0 })
  const { rows } = await pool.query('SELECT FROM decisions.campaign_population')
  expect(rows).toHaveLength(1)
} // prettier-ignore
