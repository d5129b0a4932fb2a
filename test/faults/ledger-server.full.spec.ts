import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { PostgresLedger } from '@catena/ledger'
import {
  connect,
  migrateDatabase,
  prepareRoles,
  runningServer,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '@catena/platform'
import { accountFor } from './ledger-account.js'
import { consume, type Feed } from './ledger-feed.js'

jest.setTimeout(300_000)

const FEEDS: Feed[] = [0, 1].map((lane) => ({
  lane: `kafka:faults/server/${lane}`,
  offsets: 60_000,
  batchOffsets: 500,
}))
const IN_FLIGHT = FEEDS.length * 500

let dataFolder: string
let server: EmbeddedPostgres
let access: string
let ledgers: PostgresLedger[]
let acknowledged: bigint[]

async function start(folder: string): Promise<void> {
  dataFolder = folder
  chmodSync(folder, 0o711)
  server = await startEmbeddedPostgres({ dataFolder })
  await migrateDatabase(server.databaseUrl)
  access = (await prepareRoles(server.databaseUrl)).databaseUrl
  ledgers = FEEDS.map(() => new PostgresLedger({ databaseUrl: access }))
  acknowledged = FEEDS.map(() => 0n)
}

afterEach(async () => {
  await Promise.all(ledgers.map((ledger) => ledger.close()))
  await server.stop()
  rmSync(dataFolder, { recursive: true, force: true })
}, 60_000)

/** Both lanes, each by a consumer with connections of its own; `done` resolves with the failures they met. */
function load(): { done: Promise<number>; until: (share: number) => Promise<void> } {
  const consumers = ledgers.map((ledger, lane) => consume(ledger, FEEDS[lane]!, (next) => (acknowledged[lane] = next)))
  const done = Promise.all(consumers).then((failures) => failures.reduce((sum, each) => sum + each, 0))
  const reached = async (share: number): Promise<void> => {
    while (acknowledged.some((next) => Number(next) < share * FEEDS[0]!.offsets)) await sleep(5)
  }
  return { done, until: (share) => Promise.race([reached(share), done.then(() => undefined)]) }
}

/** Nothing acknowledged before may be behind now. */
async function expectKept(before: readonly bigint[]): Promise<void> {
  const offsets = await Promise.all(
    ledgers.map((ledger, lane) => patiently(() => ledger.laneOffset(FEEDS[lane]!.lane))),
  )
  for (const [lane, offset] of offsets.entries()) expect(offset! >= before[lane]!).toBe(true)
}

async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if ((error as Error).name !== 'LedgerUnavailable') throw error
      await sleep(50)
    }
  }
}

describe('a PostgreSQL killed with SIGKILL under load', () => {
  beforeEach(() => start(mkdtempSync(join(tmpdir(), 'catena-kill-'))), 60_000)

  it('is started again on its port, and keeps what was acknowledged (R7.1, R1.9)', async () => {
    const client = await connect(server.databaseUrl, { applicationName: 'spec' })
    const { rows } = await client.query(
      `SELECT current_setting('fsync') AS f, current_setting('synchronous_commit') AS c`,
    )
    await client.end()
    expect(rows).toEqual([{ f: 'on', c: 'on' }])

    const { done, until } = load()
    for (const share of [0.2, 0.5, 0.8]) {
      await until(share)
      const before = [...acknowledged]
      const { pid } = (await runningServer(join(dataFolder, 'postgres')))!
      process.kill(pid, 'SIGKILL')
      await expectKept(before)
    }
    const failures = await done
    expect(failures).toBeGreaterThan(0)
    await accountFor(`server killed 3 times, ${failures} appends refused`, access, FEEDS, 3 * IN_FLIGHT)
  }, 180_000)

  it('or one of its sessions is, and goes on by itself', async () => {
    const { done, until } = load()
    for (const share of [0.3, 0.6]) {
      await until(share)
      process.kill(await appendingSession(), 'SIGKILL')
    }
    const failures = await done
    expect(failures).toBeGreaterThan(0)
    await accountFor(`session killed twice, ${failures} appends refused`, access, FEEDS, 2 * IN_FLIGHT)
  }, 180_000)
})

async function appendingSession(): Promise<number> {
  return patiently(async () => {
    const client = await connect(server.databaseUrl, { applicationName: 'spec' })
    const sql = `SELECT pid FROM pg_stat_activity WHERE application_name = 'catena-append' AND state <> 'idle' LIMIT 1`
    const { rows } = await client.query<{ pid: number }>(sql).finally(() => client.end())
    if (rows[0] === undefined) throw Object.assign(new Error('idle'), { name: 'LedgerUnavailable' })
    return rows[0].pid
  })
}

/** Mounting needs root; where that is not allowed, these tests are skipped and say so. */
function mountSmallDisk(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'catena-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=400m,mode=711', 'tmpfs', folder], { stdio: 'pipe' })
    return folder
  } catch {
    rmSync(folder, { recursive: true })
    return undefined
  }
}

const disk = mountSmallDisk()
if (disk === undefined)
  process.stderr.write('SKIPPED: a full disk needs root to mount a small one; nothing was tested of it\n')

describe('a full disk', () => {
  if (disk === undefined) {
    it.skip('(skipped: no small disk could be mounted)', () => undefined)
    return
  }
  beforeEach(() => {
    mkdirSync(join(disk, 'data'))
    return start(join(disk, 'data'))
  }, 60_000)
  afterAll(() => {
    execFileSync('umount', [disk])
    rmSync(disk, { recursive: true })
  })

  it('pauses appends as unavailable, and they resume without loss once there is space (R1.9)', async () => {
    const { done, until } = load()
    await until(0.2)
    const ballast = join(disk, 'ballast')
    fill(ballast)
    const before = await stalled()
    expect(before.some((next) => Number(next) < FEEDS[0]!.offsets)).toBe(true)
    rmSync(ballast)
    const failures = await done
    expect(failures).toBeGreaterThan(0)
    await expectKept(before)
    await accountFor(`disk full, ${failures} appends refused`, access, FEEDS, IN_FLIGHT)
  }, 240_000)

  function fill(file: string): void {
    const { bavail, bsize } = statfsSync(disk!)
    const block = Buffer.alloc(1 << 20)
    writeFileSync(file, '')
    try {
      for (let left = bavail * bsize; left > 0; left -= block.length) writeFileSync(file, block, { flag: 'a' })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    }
  }

  /** Offsets once nothing was acknowledged for two seconds. */
  async function stalled(): Promise<bigint[]> {
    for (let last = [...acknowledged]; ; last = [...acknowledged]) {
      await sleep(2_000)
      if (last.every((next, lane) => next === acknowledged[lane])) return last
    }
  }
})
