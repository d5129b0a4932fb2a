import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { connect, prepareRoles } from '@catena/platform'
import { emptyLedger, startTestPostgres, type TestPostgres } from '@catena/testing'
import { batch, quarantined, record, records } from '../ledger-samples.js'
import { MemoryLedger } from '../memory-ledger.js'
import { PostgresLedger, type PostgresLedgerOptions } from '../postgres-ledger.js'
import { intakeHealthContract } from './intake-health.contract.js'

let database: TestPostgres
/** The application's own, less mighty access. */
let access: string

beforeAll(async () => {
  database = await startTestPostgres()
  access = (await prepareRoles(database.databaseUrl)).databaseUrl
}, 60_000)
afterAll(() => database.stop())

const open = (more: Partial<PostgresLedgerOptions> = {}): PostgresLedger =>
  new PostgresLedger({ databaseUrl: access, ...more })
const clear = (): Promise<void> => emptyLedger(database.databaseUrl)

async function asAdministrator(sql: string): Promise<void> {
  const client = await connect(database.databaseUrl, { applicationName: 'catena-test' })
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

intakeHealthContract('ledger in memory', { open: () => new MemoryLedger(), clear: () => Promise.resolve() })
intakeHealthContract('ledger in PostgreSQL', { open, clear })

describe('a ledger whose counters somebody changed', () => {
  it.each([
    ['a record counted and not there', 'UPDATE intake SET stored = stored + 1, read = read + 1', { missingEvents: -1 }],
    ['an event that no counter knows', 'UPDATE ledger_head SET position = position + 2', { missingEvents: 2 }],
    ['an offset moved by hand', 'UPDATE lane SET next = next + 4', { lanes: [{ missingOffsets: 4 }] }],
    [
      'a read record that became nothing',
      'ALTER TABLE intake DROP CONSTRAINT intake_conservation; UPDATE intake SET read = read + 1, stored = stored',
      { lanes: [{ missingRecords: 1, missingOffsets: -1 }] },
    ],
  ])('says so: %s (R2.7)', async (_, sql, expected) => {
    const ledger = open()
    const advance = { lane: 'kafka:c1/catena.vault/0', expected: undefined, next: 3n, holes: 0 }
    await ledger.append({ records: records(0, 3), quarantined: [], advance })
    expect((await ledger.conservation()).holds).toBe(true)
    await asAdministrator(sql)
    expect(await ledger.conservation()).toMatchObject({ holds: false, ...expected })
    await ledger.close()
    await clear()
  })
})

describe('a ledger that counted a record dated ahead as it was', () => {
  it('R2.7 counts it as of the last receipt once more comes', async () => {
    const ledger = open()
    await ledger.append(batch(records(0, 1)))
    await asAdministrator(`UPDATE intake SET last_occurred_at = '2090-01-01'`)
    const [{ lastReceivedAt } = { lastReceivedAt: undefined }] = await ledger.intake()
    await ledger.append(batch(records(1, 2)))
    expect(await ledger.intake()).toMatchObject([{ stored: 2, lastOccurredAt: lastReceivedAt }])
    await ledger.close()
    await clear()
  })
})

describe('whoever watches the appends', () => {
  it('hears of what is committed, per source, and of nothing else', async () => {
    const heard: unknown[] = []
    const ledger = open({
      onAppended: (tallies, seconds) =>
        heard.push([
          seconds > 0,
          ...tallies.map(({ source, stored, duplicates, quarantined }) => [source, stored, duplicates, quarantined]),
        ]),
    })
    await ledger.append(batch([...records(0, 2), record('o', { source: 'okta' })], [quarantined('q')]))
    await ledger.append(batch(records(1, 3)))
    const lost = { lane: 'file:a', expected: 9n, next: 10n, holes: 0 }
    await expect(ledger.append({ ...batch(records(3, 4)), advance: lost })).rejects.toThrow(/stands at/)
    expect(heard).toEqual([
      [true, ['okta', 1, 0, 0], ['vault-prod', 2, 0, 1]],
      [true, ['vault-prod', 1, 1, 0]],
    ])
    await ledger.close()
    await clear()
  })
})
