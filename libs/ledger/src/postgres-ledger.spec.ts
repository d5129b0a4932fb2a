import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { prepareRoles } from '@catena/platform'
import { emptyLedger, startTestPostgres, type TestPostgres } from '@catena/testing'
import { APPEND_CHANNEL } from './append-batch.js'
import { LedgerUnavailable } from './errors.js'
import { envelopeOf, type EventFacts } from './event-row.js'
import { decisionsContract } from './decisions.contract.js'
import { deliveriesContract } from './deliveries/deliveries.contract.js'
import { erasureContract } from './erase/erasure.contract.js'
import { ledgerContract } from './ledger.contract.js'
import { batch, decision, positionsOf, record, records } from './ledger-samples.js'
import { PostgresLedger, type PostgresLedgerOptions } from './postgres-ledger.js'
import { quarantineContract } from './quarantine/quarantine.contract.js'

let database: TestPostgres
let admin: pg.Client
/** The application's own, less mighty access. */
let access: string

beforeAll(async () => {
  database = await startTestPostgres()
  access = (await prepareRoles(database.databaseUrl)).databaseUrl
  admin = new pg.Client(database.databaseUrl)
  await admin.connect()
}, 60_000)

afterAll(async () => {
  await admin.end()
  await database.stop()
})

const open = (): PostgresLedger => new PostgresLedger({ databaseUrl: access })

const clear = (): Promise<void> => emptyLedger(database.databaseUrl)

ledgerContract('ledger in PostgreSQL', () => ({ open, clear }))
decisionsContract('ledger in PostgreSQL', () => ({ open, clear }))
erasureContract('ledger in PostgreSQL', () => ({ open, clear }))
quarantineContract('ledger in PostgreSQL', () => ({ open, clear }))
deliveriesContract('ledger in PostgreSQL', () => ({ open, clear }))

/** Waits until a backend of the ledger stands before a lock, and kills it there. */
async function killAppendWhenBlocked(): Promise<void> {
  for (;;) {
    const { rowCount } = await admin.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'catena-append' AND wait_event_type = 'Lock'`,
    )
    if (rowCount === 1) return
    await sleep(10)
  }
}

describe('a ledger in PostgreSQL', () => {
  it('R7.3 salts every decision of one append by itself, so that none erased can be guessed from another', async () => {
    const ledger = open()
    const streams = ['salted-a', 'salted-b', 'salted-c']
    await ledger.appendTogether(
      streams.map((stream) => ({ stream, expectedVersion: 0, events: [decision('First'), decision('Second')] })),
    )
    const { rows } = await admin.query<{ salts: number; shortest: number }>(
      `SELECT count(DISTINCT salt)::int AS salts, min(length(salt)) AS shortest FROM event WHERE stream = ANY($1)`,
      [streams],
    )
    expect(rows).toEqual([{ salts: 6, shortest: 16 }])
    await ledger.close()
    await clear()
  })

  it('R7.1 tells who follows what it has just committed without the database, and nothing that it did not commit', async () => {
    const ledger = open()
    await ledger.append(batch(records(0, 3)))
    await admin.query('BEGIN')
    await admin.query('LOCK TABLE event, ledger_head IN ACCESS EXCLUSIVE MODE')
    const failing = ledger.append(batch(records(3, 5)))
    const failed = expect(failing).rejects.toThrow(LedgerUnavailable)
    await ledger.waitForAppend(2, 60_000)
    expect(positionsOf(await ledger.readNew(0, 10))).toEqual([1, 2, 3])
    expect(positionsOf(await ledger.readNew(1, 1))).toEqual([2])
    await killAppendWhenBlocked()
    await admin.query('COMMIT')
    await failed
    expect(await ledger.readNew(3, 10)).toEqual([])
    await ledger.close()
    await clear()
  })

  it('R1.9 stores what many send at once by few transactions, each source with its own counts', async () => {
    const transactions: number[] = []
    const onAppended: PostgresLedgerOptions['onAppended'] = (tallies) => transactions.push(tallies.length)
    const ledger = new PostgresLedger({ databaseUrl: access, onAppended })
    const sent = Array.from({ length: 20 }, (_, source) => [record(`r${source}`, { source: `s${source}` }), record('shared', { source: `s${source}` })]) // prettier-ignore
    const outcomes = await Promise.all(sent.map((own) => ledger.append(batch(own))))
    expect(transactions.length).toBeLessThanOrEqual(2)
    expect(outcomes.map(({ stored, duplicates }) => [stored, duplicates])).toEqual([
      [2, 0],
      ...Array.from({ length: 19 }, () => [1, 1]),
    ])
    expect(positionsOf(await ledger.read(0, 100))).toEqual(Array.from({ length: 21 }, (_, index) => index + 1))
    const counted = (await ledger.intake()).map(({ read, stored, duplicates }) => [read, stored, duplicates])
    expect(counted.sort()).toEqual([...Array.from({ length: 19 }, () => [2, 1, 1]), [2, 2, 0]])
    await ledger.close()
    await clear()
  })

  it('wakes readers for what somebody waits for, and for nothing else', async () => {
    const ledger = open()
    const told: (string | undefined)[] = []
    const listener = new pg.Client(database.databaseUrl)
    await listener.connect()
    listener.on('notification', ({ payload }) => told.push(payload))
    await listener.query(`LISTEN ${APPEND_CHANNEL}`)
    await ledger.appendDecisions('reads', 0, [decision('Read')], { wakes: false })
    await ledger.appendDecisions('item-1', 0, [decision('Opened')])
    await listener.query('SELECT 1')
    expect(told).toEqual(['2'])
    await listener.end()
    await ledger.close()
    await clear()
  })
})

describe('a ledger in PostgreSQL under faults', () => {
  let ledger: PostgresLedger
  let other: PostgresLedger
  afterEach(async () => {
    await ledger.close()
    await clear()
  })

  it('shows nothing of a batch whose connection died after COPY and before COMMIT, and goes on (R7.1)', async () => {
    ledger = open()
    const advance = { lane: 'l', expected: undefined, next: 5n, holes: 0 }
    const blocker = new pg.Client(database.databaseUrl)
    await blocker.connect()
    await blocker.query('BEGIN; LOCK TABLE intake IN EXCLUSIVE MODE')
    const lost = expect(ledger.append({ ...batch(records(0, 5)), advance })).rejects.toMatchObject({
      name: 'LedgerUnavailable',
      retryable: true,
    })
    await killAppendWhenBlocked()
    await lost
    await blocker.end()
    expect([await ledger.head(), await ledger.laneOffset('l'), await ledger.read(0, 9)]).toEqual([0, undefined, []])
    expect(await ledger.append({ ...batch(records(0, 5)), advance })).toMatchObject({ head: 5, stored: 5 })
  })

  it('stays gapless and ordered for readers while two processes append overlapping records (R1.9)', async () => {
    ledger = open()
    other = open()
    const turns = Array.from({ length: 25 }, (_, turn) => turn)
    const appending = Promise.all([
      ...turns.map((turn) => ledger.append(batch(records(turn * 40, turn * 40 + 60)))),
      ...turns.map((turn) => other.append(batch(records(turn * 40 + 20, turn * 40 + 80)))),
    ])
    let seen = 0
    while (seen < 1040) {
      const events = await ledger.read(seen, 5_000)
      expect(positionsOf(events)).toEqual(events.map((_, index) => seen + 1 + index))
      seen += events.length
    }
    const outcomes = await appending
    await other.close()
    expect(await ledger.head()).toBe(1040)
    expect(outcomes.reduce((sum, { stored }) => sum + stored, 0)).toBe(1040)
    const [counts] = await ledger.intake()
    expect(counts).toMatchObject({ read: 3000, stored: 1040, duplicates: 1960 })
  })

  it('lets one of two consumers of a lane win and stores the batch once (R1.9)', async () => {
    ledger = open()
    other = open()
    const race = [ledger, other].map((one) =>
      one.append({ ...batch(records(0, 10)), advance: { lane: 'l', expected: undefined, next: 10n, holes: 0 } }),
    )
    const settled = await Promise.allSettled(race)
    await other.close()
    expect(settled.filter(({ status }) => status === 'rejected')).toMatchObject([
      { reason: { name: 'LaneMoved', stands: 10n } },
    ])
    expect(await ledger.intake()).toMatchObject([{ read: 10, duplicates: 0 }])
  })

  it('is not held up by an idle transaction elsewhere, even across a border of partitions', async () => {
    ledger = open()
    await admin.query('UPDATE ledger_head SET position = $1', [2 ** 20 - 3])
    const reader = new pg.Client(database.databaseUrl)
    await reader.connect()
    await reader.query('BEGIN; SELECT count(*) FROM event')
    await ledger.append(batch(records(0, 6)))
    await reader.end()
    expect(positionsOf(await ledger.read(2 ** 20 - 3, 10))).toEqual([-2, -1, 0, 1, 2, 3].map((step) => 2 ** 20 + step))
    const { rows } = await admin.query(
      'SELECT tableoid::regclass::text AS part, count(*)::int FROM event GROUP BY 1 ORDER BY 1',
    )
    expect(rows).toEqual([
      { part: 'event_p000000', count: 2 },
      { part: 'event_p000001', count: 4 },
    ])
  })

  it('keeps hashes that anybody can recompute from the row (R7.1)', async () => {
    ledger = open()
    await ledger.append(
      batch([record('a', { occurredAt: Date.UTC(2026, 0, 1) + 0.007, subjects: [Buffer.alloc(32, 1)] })]),
    )
    const { rows } = await admin.query<Record<string, never>>(
      `SELECT position::int, stream, source, source_stream AS "sourceStream", record_id AS "recordId", type,
        schema_version AS "schemaVersion", subjects, extract(epoch FROM occurred_at)::float8 * 1000 AS "occurredAt",
        extract(epoch FROM recorded_at)::float8 * 1000 AS "recordedAt", salt, payload, payload_hash, envelope_hash FROM event`,
    )
    const row = rows[0]! as unknown as EventFacts & { payload_hash: Buffer; envelope_hash: Buffer }
    const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex')
    expect(row.payload_hash.toString('hex')).toBe(sha256(Buffer.concat([row.salt, row.payload])))
    expect(row.envelope_hash.toString('hex')).toBe(sha256(envelopeOf(row, row.payload_hash)))
    expect(row.salt).toHaveLength(16)
  })
})

describe('a ledger whose database is unreachable', () => {
  it('says so as a retryable error without the password', async () => {
    const ledger = new PostgresLedger({ databaseUrl: 'postgresql://catena:hunter2@127.0.0.1:1/x' })
    const failure = await ledger.append(batch(records(0, 1))).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(LedgerUnavailable)
    expect(String(failure)).toContain('127.0.0.1:1')
    expect(String(failure)).not.toContain('hunter2')
    await expect(ledger.head()).rejects.toBeInstanceOf(LedgerUnavailable)
    await expect(ledger.intake()).rejects.toBeInstanceOf(LedgerUnavailable)
    await ledger.close()
  })
})
