import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { PostgresLedger } from '@catena/ledger'
import { connect, prepareRoles } from '@catena/platform'
import { emptyLedger, startTestPostgres, type TestPostgres } from '@catena/testing'
import { from as copyFrom } from 'pg-copy-streams'
import { accountFor } from './ledger-account.js'
import { batchAfter, consume, type Feed } from './ledger-feed.js'

jest.setTimeout(300_000)

const FEED: Feed = { lane: 'kafka:faults/locks/0', offsets: 6_000, batchOffsets: 500 }

let database: TestPostgres
let access: string
let ledger: PostgresLedger
/** Somebody else's session in the same database. */
let other: Awaited<ReturnType<typeof connect>>

beforeAll(async () => {
  database = await startTestPostgres()
  access = (await prepareRoles(database.databaseUrl)).databaseUrl
}, 60_000)

beforeEach(async () => {
  ledger = new PostgresLedger({ databaseUrl: access })
  other = await connect(database.databaseUrl, { applicationName: 'spec', statementTimeoutMs: 0 })
  await ledger.append(batchAfter(FEED, undefined))
})

afterEach(async () => {
  await other.end()
  await ledger.close()
  await emptyLedger(database.databaseUrl)
})

afterAll(() => database.stop())

async function untilBlocked(): Promise<void> {
  const sql = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'catena-append' AND wait_event_type = 'Lock'`
  for (;;) {
    const watcher = await connect(database.databaseUrl, { applicationName: 'spec' })
    const { rowCount } = await watcher.query(sql).finally(() => watcher.end())
    if (rowCount === 1) return
    await sleep(20)
  }
}

describe('a lock that somebody holds for too long', () => {
  it('makes appends unavailable, not wrong, and they resume (R1.9)', async () => {
    await other.query('BEGIN; SELECT FROM ledger_head FOR UPDATE')
    const refused = ledger.append(batchAfter(FEED, 500n))
    await expect(refused).rejects.toMatchObject({ name: 'LedgerUnavailable', retryable: true })
    expect(await ledger.laneOffset(FEED.lane)).toBe(500n)
    await other.query('ROLLBACK')
    await consume(ledger, FEED, () => undefined)
    await accountFor('lock timeout', access, [FEED], FEED.batchOffsets)
  })
})

describe('a deadlock', () => {
  it('rolls one of both back, and the append is repeated (R1.9)', async () => {
    await other.query('BEGIN; SELECT FROM ledger_head FOR UPDATE')
    const failures = consume(ledger, FEED, () => undefined)
    await untilBlocked()
    await other.query('SELECT FROM lane FOR UPDATE').catch(() => undefined)
    await other.query('ROLLBACK')
    expect(await failures).toBeLessThanOrEqual(1)
    await accountFor(`deadlock, ${await failures} appends refused`, access, [FEED], FEED.batchOffsets)
  })
})

describe('an idle transaction elsewhere', () => {
  it('that wrote and reads an old snapshot stalls neither appenders nor readers', async () => {
    await other.query('CREATE TABLE elsewhere (x int)')
    await other.query('BEGIN ISOLATION LEVEL REPEATABLE READ; INSERT INTO elsewhere VALUES (1)')
    await other.query('SELECT count(*) FROM event')
    const started = performance.now()
    await consume(ledger, FEED, () => undefined)
    await accountFor('idle transaction', access, [FEED], 0)
    expect(performance.now() - started).toBeLessThan(10_000)
    await other.query('ROLLBACK; DROP TABLE elsewhere')
  })
})

describe('an appender that froze in the middle of its COPY', () => {
  it('is ended by whoever waits for the head (R1.9)', async () => {
    const frozen = await connect(access, { applicationName: 'catena-append' })
    await frozen.query('BEGIN; SELECT FROM ledger_head FOR UPDATE')
    const ended = new Promise<Error>((resolve) =>
      frozen.query(copyFrom('COPY source_key FROM STDIN')).on('error', resolve),
    )
    const failures = await consume(ledger, FEED, () => undefined)
    expect(failures).toBeGreaterThan(0)
    expect((await ended).message).toMatch(/terminat/)
    await accountFor(`frozen in COPY, ${failures} refused before`, access, [FEED], failures * FEED.batchOffsets)
  })
})

describe('two appenders on one lane', () => {
  it('take turns by its offset; whoever loses rolls back (R1.9)', async () => {
    const second = new PostgresLedger({ databaseUrl: access })
    await second.append({ records: [], quarantined: [] })
    const failures = await Promise.all([ledger, second].map((each) => consume(each, FEED, () => undefined)))
    await second.close()
    const lost = failures.reduce((sum, each) => sum + each, 0)
    expect(lost).toBeGreaterThan(0)
    await accountFor(`two on one lane, ${lost} rolled back`, access, [FEED], lost * FEED.batchOffsets)
  })
})

describe('a clock that jumps', () => {
  it('a year back and a century ahead changes no order (R7.1)', async () => {
    const jumps = [0, -365 * 86_400_000, 36_525 * 86_400_000, -50]
    let turn = 0
    const clock = { now: () => Date.UTC(2026, 5, 1) + jumps[turn++ % jumps.length]! }
    const jumping = new PostgresLedger({ databaseUrl: access, clock })
    await consume(jumping, FEED, () => undefined)
    const events = await jumping.read(0, 10_000)
    expect(events.map(({ occurredAt }) => occurredAt)).toEqual(
      events.map(({ occurredAt }) => occurredAt).sort((a, b) => a - b),
    )
    expect(new Set(events.map(({ recordedAt }) => recordedAt)).size).toBeGreaterThan(3)
    await jumping.close()
    await accountFor('clock jumps', access, [FEED], 0)
  })
})
