import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { startTestPostgres, type TestPostgres } from '@catena/testing'
import { migrateDatabase, migrationsFolder, readMigrations, SchemaMismatch } from './migrations.js'

describe('migrations', () => {
  let database: TestPostgres
  let client: pg.Client
  let folder: string
  const write = (name: string, sql: string): void => {
    mkdirSync(join(folder, name), { recursive: true })
    writeFileSync(join(folder, name, 'migration.sql'), sql)
  }

  beforeAll(async () => {
    database = await startTestPostgres()
    client = new pg.Client(database.databaseUrl)
    await client.connect()
  }, 60_000)
  afterAll(async () => {
    await client.end()
    await database.stop()
  })
  beforeEach(async () => {
    await client.query(`DO $$ DECLARE made TEXT; BEGIN
      FOR made IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema)'
      LOOP EXECUTE format('DROP SCHEMA %I CASCADE', made); END LOOP;
    END $$; CREATE SCHEMA public`)
    folder = mkdtempSync(join(tmpdir(), 'catena-migrations-'))
    write('20260101000000_first', 'CREATE TABLE a (x int); INSERT INTO a VALUES (1)')
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('are applied once, in order, and written down as Prisma does', async () => {
    write('20260102000000_second', 'INSERT INTO a VALUES (2)')
    expect(await migrateDatabase(database.databaseUrl, folder)).toEqual([
      '20260101000000_first',
      '20260102000000_second',
    ])
    expect(await migrateDatabase(database.databaseUrl, folder)).toEqual([])
    const { rows } = await client.query(
      'SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS done, applied_steps_count AS steps FROM _prisma_migrations ORDER BY 1 DESC LIMIT 1',
    )
    const checksum = createHash('sha256').update('INSERT INTO a VALUES (2)').digest('hex')
    expect(rows).toEqual([{ name: '20260102000000_second', checksum, done: true, steps: 1 }])
  })

  it('run once when several processes start together', async () => {
    const runs = await Promise.all([1, 2, 3].map(() => migrateDatabase(database.databaseUrl, folder)))
    expect(runs.flat()).toEqual(['20260101000000_first'])
  })

  it('leave nothing of one that fails', async () => {
    write('20260102000000_broken', 'CREATE TABLE b (x int); SELECT nonsense')
    await expect(migrateDatabase(database.databaseUrl, folder)).rejects.toThrow(/20260102000000_broken failed/)
    const { rows } = await client.query(`SELECT to_regclass('a') IS NOT NULL AS a, to_regclass('b') IS NOT NULL AS b`)
    expect(rows).toEqual([{ a: true, b: false }])
  })

  it('refuse a database whose applied migration was altered', async () => {
    await migrateDatabase(database.databaseUrl, folder)
    write('20260101000000_first', 'CREATE TABLE a (y int)')
    await expect(migrateDatabase(database.databaseUrl, folder)).rejects.toThrow(
      /20260101000000_first differs from what was applied/,
    )
  })

  it('refuse a database of a newer build', async () => {
    write('20270101000000_future', 'SELECT 1')
    await migrateDatabase(database.databaseUrl, folder)
    rmSync(join(folder, '20270101000000_future'), { recursive: true })
    const failure: unknown = await migrateDatabase(database.databaseUrl, folder).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(SchemaMismatch)
    expect(String(failure)).toMatch(/newer Catena \(it has 20270101000000_future\)/)
  })

  it('are found from a build as from the sources', () => {
    const root = join(migrationsFolder(), '..', '..')
    expect(migrationsFolder(join(root, 'dist', 'libs', 'platform', 'src', 'migrations.js'))).toBe(migrationsFolder())
    expect(() => migrationsFolder(join(tmpdir(), 'elsewhere', 'migrations.js'))).toThrow(
      /missing from this installation/,
    )
  })

  it('of this build are found and make the ledger', async () => {
    cpSync(migrationsFolder(), folder, { recursive: true })
    expect((await readMigrations()).length).toBeGreaterThan(0)
    await migrateDatabase(database.databaseUrl, folder)
    const { rows } = await client.query('SELECT position FROM ledger_head')
    expect(rows).toEqual([{ position: '0' }])
  })
})
