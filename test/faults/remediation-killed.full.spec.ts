import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeDecision, PostgresLedger } from '@catena/ledger'
import { createPool } from '@catena/platform'
import { DecisionViewRunner } from '@catena/projections'
import { campaignView, itemView, loadCampaign, reportCampaign } from '@catena/recertification'
import { courseView } from '@catena/remediation'
import { startTestPostgres, type TestPostgres } from '@catena/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type pg from 'pg'
import { bundleProgram } from './bundle-program.js'
import { runProgram } from './run-program.js'
import { commitProxy, type CommitSeen, type Verdict } from './commit-proxy.js'
import { bySeed, struckAtRandom } from './struck.js'

const ROOT = join(import.meta.dirname, '..', '..')
const BUNDLE = join(ROOT, 'node_modules', '.cache', 'catena-faults', 'remediation-process.mjs')
const ITEMS = 3
/** More than a campaign with its orders has commits: the last ones find nothing left to do. */
const KILLS_MAX = 60

let database: TestPostgres
let ledger: PostgresLedger
let pool: pg.Pool
let views: DecisionViewRunner
let vault: Server
const folder = mkdtempSync(join(tmpdir(), 'catena-killed-'))
/** What the Vault was asked for, in order. */
const asked: string[] = []

beforeAll(() => bundleProgram(join(import.meta.dirname, 'remediation-process.ts')), 60_000)
beforeEach(async () => {
  asked.length = 0
  database = await startTestPostgres()
  const { databaseUrl } = database
  ledger = new PostgresLedger({ databaseUrl })
  pool = createPool(databaseUrl, { applicationName: 'spec' })
  views = new DecisionViewRunner({ views: [campaignView, itemView, courseView], log: ledger, databaseUrl, onError: (error) => console.error(error) })
  views.start()
  writeFileSync(join(folder, 'token'), 'of-remediation')
  vault = createServer(answerAsVault)
  await new Promise<void>((resolve) => vault.listen(0, '127.0.0.1', resolve))
}, 60_000) // prettier-ignore
afterEach(async () => {
  vault.close()
  await views.stop()
  await pool.end()
  await ledger.close()
  await database.stop()
})
afterAll(() => rmSync(folder, { recursive: true }))

/** A fake: it takes everything, and tells of an access as ended once its lease was revoked. */
function answerAsVault({ method, url = '' }: IncomingMessage, response: ServerResponse): void {
  const ended = /^\/ended\/(\d+)$/.exec(url)?.[1]
  if (ended === undefined) asked.push(`${method} ${url}`)
  const isKnown = ended === undefined || asked.includes(`POST /v1/sys/leases/revoke/db/creds/key-${ended}/one`)
  response.writeHead(ended === undefined ? 204 : isKnown ? 200 : 404).end()
}

function givenBy(databaseUrl: string) {
  return { databaseUrl, vaultUrl: `http://127.0.0.1:${(vault.address() as AddressInfo).port}`, tokenFile: join(folder, 'token') } // prettier-ignore
}

/** Resolves with the exit code or the signal; the process dies at its first COMMIT, before it or after it was carried out, or never. */
async function run(verdict: Verdict, stopAt?: string): Promise<number | string> {
  const started: { kill?: () => void } = {}
  const judge = (commit: CommitSeen): Verdict => (commit.number === 1 ? verdict : 'pass')
  const proxy = await commitProxy(database.databaseUrl, judge, () => started.kill?.())
  const given = { ...givenBy(proxy.databaseUrl), stopAt }
  const { child, end } = runProgram(BUNDLE, given)
  started.kill = () => child.kill('SIGKILL')
  await end.finally(() => proxy.close())
  return end
} // prettier-ignore

describe('orders of a campaign whose process is killed with SIGKILL at its commits', () => {
  it('R6.5 are planned once, carried out, applied and verified as if nothing had happened, from whichever commit', async () => {
    expect(await run('pass', 'remediating')).toBe(0)
    const stood = new Set<string>()
    let kills = 0
    for (let end: number | string = 'SIGKILL'; end === 'SIGKILL' && kills < KILLS_MAX; kills++) {
      end = await run(kills % 3 === 0 ? 'hold' : 'lose-answer')
      stood.add((await loadCampaign({ streams: ledger }, 'revoking@run')).status)
    }
    expect(kills).toBeGreaterThan(20)
    expect([...stood]).toEqual(expect.arrayContaining(['remediating', 'verifying', 'sealed']))
    await expectAllOfItOnce()
    process.stderr.write(`killed ${kills - 1} times; the Vault was asked ${asked.length} times for ${new Set(asked).size} things\n`)
  }, 240_000) // prettier-ignore

  it('R6.5 are so from whichever moment, between two commits or while the Vault is asked', () => bySeed(async () => {
    const strikes = await struckAtRandom(BUNDLE, givenBy(database.databaseUrl))
    process.stderr.write(`remediation was struck after ${strikes.join(', ')} ms\n`)
    expect(strikes.length).toBeGreaterThan(3)
    await expectAllOfItOnce()
  }), 240_000) // prettier-ignore
})

async function expectAllOfItOnce(): Promise<void> {
  const events = (await ledger.readDecisions(0, 100_000)).flatMap((event) => decodeDecision(event) ?? [])
  const count = (type: string): number => events.filter(({ event }) => event.type === type).length
  const once = ['RemediationOrdered', 'RemediationPlanned', 'RemediationHeld', 'RemediationReleased', 'RemediationApplied', 'RemediationVerified', 'RemediationSettled']
  expect(once.map((type) => [type, count(type)])).toEqual(once.map((type) => [type, ITEMS]))
  expect([count('RemediationStepDone'), count('RemediationStepFailed'), count('CampaignSealed')]).toEqual([2 * ITEMS, 0, 1])
  expect(new Set(asked).size).toBe(2 * ITEMS)
  const report = await reportCampaign({ streams: ledger, pool }, 'revoking@run')
  expect(report?.figures).toMatchObject({ items: ITEMS, revoked: ITEMS, orders: ITEMS, verified: ITEMS, regressions: 0 })
} // prettier-ignore
