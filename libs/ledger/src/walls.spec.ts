import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { asRole, ERASE_ROLE, migrateDatabase, prepareRoles } from '@catena/platform'
import { startTestPostgres, type TestPostgres } from '@catena/testing'
import { batch, quarantined, records } from './ledger-samples.js'
import { PostgresLedger } from './postgres-ledger.js'

/** By privileges, before any trigger is asked. */
const DENIED = /^(permission denied|must be owner)/

let database: TestPostgres
const sessions: pg.Client[] = []

async function session(databaseUrl: string): Promise<pg.Client> {
  const client = new pg.Client(databaseUrl)
  await client.connect()
  sessions.push(client)
  return client
}

beforeAll(async () => {
  database = await startTestPostgres()
  const { databaseUrl } = await prepareRoles(database.databaseUrl)
  const ledger = new PostgresLedger({ databaseUrl })
  await ledger.append(batch(records(0, 5), [quarantined('p')]))
  const [entry] = await ledger.quarantineEntries({ limit: 1 })
  await ledger.recordReleases([
    { entry: entry!.id, source: 'vault-prod', actor: 'person:op', outcome: 'gone', reason: 'no such file' },
  ])
  await ledger.claimDelivery({ signed: Buffer.alloc(16, 1), headers: Buffer.alloc(16, 2), id: undefined })
  await ledger.eraseEvents({ positions: [5], reason: 'test', actor: 'person:dpo' })
  await ledger.close()
}, 60_000)

afterAll(async () => {
  await Promise.all(sessions.map((client) => client.end()))
  await database.stop()
})

/** Statements against events, their keys and the quarantine that nobody needs. */
const CHANGES = [
  `UPDATE event SET type = 'x' WHERE position = 1`,
  `UPDATE event SET payload = NULL, salt = NULL WHERE position = 1`,
  `UPDATE event_p000000 SET type = 'x' WHERE position = 1`,
  'DELETE FROM event WHERE position = 1',
  'DELETE FROM event_p000000 WHERE position = 1',
  'TRUNCATE event',
  'TRUNCATE event_p000000',
  'UPDATE source_key SET position = 2 WHERE position = 1',
  'DELETE FROM source_key',
  'TRUNCATE source_key',
  'TRUNCATE source_key_p0',
  `UPDATE quarantine_release SET outcome = 'stored'`,
  'DELETE FROM quarantine_release',
  'TRUNCATE quarantine_release',
  `UPDATE webhook_delivery SET headers = signed`,
  'DELETE FROM webhook_delivery',
  'TRUNCATE webhook_delivery',
  'DELETE FROM quarantine',
  'TRUNCATE quarantine',
]

describe('the application’s role', () => {
  let app: pg.Client
  beforeAll(async () => {
    app = await session((await prepareRoles(database.databaseUrl)).databaseUrl)
  })

  it('is what the application’s sessions run as', async () => {
    const { rows } = await app.query(`SELECT current_user AS user, current_setting('TimeZone') AS zone`)
    // The plain driver shows that the URL alone does it.
    expect(rows).toMatchObject([{ user: 'catena_app' }])
  })

  it.each([
    ...CHANGES,
    'SELECT ledger_erase(6)',
    'DROP TABLE event',
    'ALTER TABLE event DISABLE TRIGGER ALL',
    'ALTER TABLE event DETACH PARTITION event_p000000',
    'SET session_replication_role = replica',
    'DELETE FROM ledger_head',
    'DELETE FROM stream_head',
    'DELETE FROM lane',
    'DELETE FROM intake',
    'DELETE FROM event_archive',
    `INSERT INTO event_archive VALUES (1, 5, 'x', '', now())`,
    'DELETE FROM _prisma_migrations',
    'CREATE TABLE planted (x int)',
    `UPDATE installation SET key_check = ''`,
  ])('may not %s (R7.1)', async (sql) => {
    await expect(app.query(sql)).rejects.toThrow(DENIED)
  })

  it.each([`reason = 'x'`, `locator = '{}'`, 'seen = seen - 1'])(
    'may count a quarantined record again, and not set %s (R7.1)',
    async (change) => {
      await app.query('UPDATE quarantine SET seen = seen + 1, last_seen_at = now()')
      await expect(app.query(`UPDATE quarantine SET ${change}`)).rejects.toThrow(/append-only: UPDATE of quarantine/)
    },
  )

  it('may keep counters and read models, and make them anew', async () => {
    await app.query('UPDATE intake SET read = read + 0; UPDATE stream_head SET version = version')
    await app.query(
      `INSERT INTO access_index.projection (name, version) VALUES ('spec', '1'); DELETE FROM access_index.projection WHERE name = 'spec'`,
    )
    await app.query('SET search_path = access_index')
    await app.query(
      'TRUNCATE access_fact, access_key, access_name, access_standing, access_credential, access_other_name',
    )
    await app.query('RESET search_path')
  })
})

describe('the erasing role', () => {
  let erase: pg.Client
  beforeAll(async () => {
    erase = await session(asRole(database.databaseUrl, ERASE_ROLE))
  })

  it.each([...CHANGES, 'SELECT payload FROM event', 'UPDATE ledger_head SET position = 0'])(
    'may not %s (R7.3)',
    async (sql) => {
      await expect(erase.query(sql)).rejects.toThrow(DENIED)
    },
  )

  it('may erase what a tombstone names, and nothing without one (R7.3)', async () => {
    await expect(erase.query('SELECT ledger_erase(1)')).rejects.toThrow('position 1 holds no tombstone')
    expect((await erase.query('SELECT ledger_erase(6) AS count')).rows).toEqual([{ count: '0' }])
  })
})

describe('the owner', () => {
  it.each(CHANGES)('is stopped by a trigger before %s (R7.1)', async (sql) => {
    const owner = await session(database.databaseUrl)
    await expect(owner.query(sql)).rejects.toThrow(/the ledger is append-only/)
    await owner.end()
    sessions.pop()
  })

  it('is stopped on later partitions too, and on more than erasure during an erasure (R7.1)', async () => {
    const owner = await session(database.databaseUrl)
    await owner.query('SELECT ledger_ensure_partition(1048576 * 3)')
    await expect(owner.query('TRUNCATE event_p000003')).rejects.toThrow(/append-only/)
    await owner.query(`SET catena.erasure = '6'`)
    const more = `UPDATE event SET payload = NULL, salt = NULL, type = 'x' WHERE position = 1`
    await expect(owner.query(more)).rejects.toThrow(/append-only/)
    await expect(owner.query(`UPDATE event SET payload = '{}' WHERE position = 1`)).rejects.toThrow(/append-only/)
  })
})

describe('an owner who may not create roles', () => {
  let superuser: pg.Client
  let ownerUrl: string
  const owner = `managed_${process.pid}`
  const name = `spec_${process.pid}_managed`

  beforeAll(async () => {
    superuser = await session(database.databaseUrl)
    await superuser.query(`CREATE ROLE ${owner} LOGIN PASSWORD 'managed'`)
    await superuser.query(`CREATE DATABASE ${name} OWNER ${owner}`)
    const url = new URL(database.databaseUrl)
    url.username = owner
    url.password = 'managed'
    url.pathname = `/${name}`
    ownerUrl = url.toString()
    await migrateDatabase(ownerUrl)
  })

  afterAll(async () => {
    await superuser.query(`DROP DATABASE ${name} WITH (FORCE)`)
    await superuser.query(`DROP ROLE ${owner}`)
  })

  it('is told what to run by hand; works meanwhile; and then gets the roles', async () => {
    const before = await prepareRoles(ownerUrl)
    expect(before.databaseUrl).toBe(ownerUrl)
    expect(before.byHand).toContain(`GRANT catena_app TO ${owner} WITH SET TRUE, INHERIT FALSE;`)
    expect(before.byHand).toContain(`GRANT catena_erase TO ${owner}`)
    expect(before.byHand).not.toContain('managed@')
    await appendAndErase(before.databaseUrl, 0)

    await superuser.query(before.byHand!)
    const after = await prepareRoles(ownerUrl)
    expect(after.byHand).toBeUndefined()
    await appendAndErase(after.databaseUrl, 10)
    const app = await session(after.databaseUrl)
    await expect(app.query('DELETE FROM event')).rejects.toThrow(DENIED)
    await app.end()
    sessions.pop()
  })
})

async function appendAndErase(databaseUrl: string, from: number): Promise<void> {
  const ledger = new PostgresLedger({ databaseUrl })
  const { head } = await ledger.append(batch(records(from, from + 10)))
  expect(await ledger.eraseEvents({ positions: [head], reason: 'test', actor: 'person:dpo' })).toMatchObject({
    erased: 1,
  })
  await ledger.close()
}
