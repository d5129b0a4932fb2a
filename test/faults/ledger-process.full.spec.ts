import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import { PostgresLedger } from '@catena/ledger'
import { prepareRoles } from '@catena/platform'
import { emptyLedger, startTestPostgres, type TestPostgres } from '@catena/testing'
import { commitProxy, type CommitProxy, type CommitSeen, type Verdict } from './commit-proxy.js'
import { accountFor } from './ledger-account.js'
import { consume, type Feed } from './ledger-feed.js'
import { buildAppender, startAppender, type Appender } from './start-appender.js'

jest.setTimeout(300_000)

const FEED: Feed = { lane: 'kafka:faults/records/0', offsets: 6_000, batchOffsets: 500 }
/** Of the 12 commits of the feed, those that go wrong. */
const STRUCK = [1, 4, 9]

let database: TestPostgres
let access: string
let ledger: PostgresLedger
let proxy: CommitProxy | undefined

beforeAll(async () => {
  await buildAppender()
  database = await startTestPostgres()
  access = (await prepareRoles(database.databaseUrl)).databaseUrl
  ledger = new PostgresLedger({ databaseUrl: access })
}, 60_000)

afterEach(async () => {
  await proxy?.close()
  await emptyLedger(database.databaseUrl)
})

afterAll(async () => {
  await ledger.close()
  await database.stop()
})

/** Runs appenders one after another; each is killed at one of the commits struck, and what was then visible is checked. */
async function killAt(verdict: Verdict, visible: (acknowledged: bigint) => Promise<void>): Promise<void> {
  for (const number of [...STRUCK, Infinity]) {
    const started: { appender?: Appender } = {}
    let copies = 0
    const already = Number((await ledger.laneOffset(FEED.lane)) ?? 0n) / FEED.batchOffsets
    const judge = (commit: CommitSeen): Verdict => (already + commit.number === number ? verdict : 'pass')
    proxy = await commitProxy(access, judge, (commit) => {
      copies = commit.copies
      started.appender?.kill('SIGKILL')
    })
    const appender = (started.appender = startAppender(proxy.databaseUrl, FEED))
    const end = await appender.ended
    await proxy.close()
    if (number === Infinity) expect(end).toBe(0)
    else {
      expect([end, copies]).toEqual(['SIGKILL', 2])
      await untilReleased()
      await visible(appender.acknowledged())
    }
  }
}

/** The server notices the dead client at once, but not before. */
async function untilReleased(): Promise<void> {
  await ledger.appendDecisions(`probe-${Date.now()}`, 0, [
    { type: 'Probed', schemaVersion: 1, occurredAt: 0, actor: 'test', payload: Buffer.from('{}'), subjects: [] },
  ])
}

describe('an appender killed with SIGKILL', () => {
  it('after COPY and before COMMIT leaves nothing visible (R7.1, R1.9)', async () => {
    await killAt('hold', async (acknowledged) => {
      expect((await ledger.laneOffset(FEED.lane)) ?? 0n).toBe(acknowledged)
    })
    await accountFor('killed after COPY', access, [FEED], STRUCK.length * FEED.batchOffsets)
  })

  it('after COMMIT and before it hears of it has stored its batch once (R7.1, R1.9)', async () => {
    await killAt('lose-answer', async (acknowledged) => {
      expect(await ledger.laneOffset(FEED.lane)).toBe(acknowledged + BigInt(FEED.batchOffsets))
    })
    await accountFor('killed after COMMIT', access, [FEED], STRUCK.length * FEED.batchOffsets)
  })
})

describe('a frozen appender', () => {
  it('that holds the head is thrown out, and rolls back when it wakes after another took its lane (R1.9)', async () => {
    const started: { appender?: Appender } = {}
    proxy = await commitProxy(
      access,
      ({ number }) => (number === 3 ? 'hold' : 'pass'),
      () => started.appender?.kill('SIGSTOP'),
    )
    const frozen = (started.appender = startAppender(proxy.databaseUrl, FEED))
    while ((await ledger.laneOffset(FEED.lane)) !== 1_000n) await sleep(20)
    await sleep(200)
    const failures = await consume(ledger, FEED, () => undefined)
    frozen.kill('SIGCONT')
    expect(await frozen.ended).toBe(0)
    await accountFor(
      `frozen for longer than its session, ${failures} refused before`,
      access,
      [FEED],
      FEED.batchOffsets,
    )
  })
})

describe('an answer to COMMIT that never arrives', () => {
  it('is resolved by the lane’s offset: stored once, told apart from not stored (R1.9)', async () => {
    proxy = await commitProxy(
      access,
      ({ number }) => (number % 3 === 1 ? 'lose-answer' : number % 3 === 2 ? 'hold' : 'pass'),
      ({ cut }) => cut(),
    )
    const cautious = new PostgresLedger({ databaseUrl: proxy.databaseUrl })
    const failures = await consume(cautious, FEED, () => undefined)
    await cautious.close()
    expect(failures).toBeGreaterThan(8)
    await accountFor(`${failures} answers or COMMITs lost`, access, [FEED], failures * FEED.batchOffsets)
  })

  it('to a decision shows as a version that another read explains (R6.4)', async () => {
    proxy = await commitProxy(
      access,
      () => 'lose-answer',
      ({ cut }) => cut(),
    )
    const cautious = new PostgresLedger({ databaseUrl: proxy.databaseUrl })
    const decide = (): Promise<unknown> =>
      cautious.appendDecisions('item-1', 0, [
        {
          type: 'Decided',
          schemaVersion: 1,
          occurredAt: 0,
          actor: 'a',
          causation: 'c1',
          payload: Buffer.from('{}'),
          subjects: [],
        },
      ])
    await expect(decide()).rejects.toMatchObject({ name: 'LedgerUnavailable' })
    await expect(decide()).rejects.toMatchObject({ name: 'VersionConflict', stands: 1 })
    expect(await cautious.readStream('item-1')).toMatchObject([{ causation: 'c1' }])
    await cautious.close()
  })
})
