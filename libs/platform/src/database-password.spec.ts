import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTestPostgres, type TestPostgres } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { connect, createPool } from './database.js'
import { asRole } from './database-roles.js'
import { readSettings } from './settings.js'

const folder = mkdtempSync(join(tmpdir(), 'catena-password-'))
const file = join(folder, 'password')
const user = `catena_rotated_${process.pid}`
let database: TestPostgres
let url: string

beforeAll(async () => {
  database = await startTestPostgres()
  await asAdministrator(`CREATE ROLE ${user} LOGIN PASSWORD 'the-old-one'`)
  const given = new URL(database.databaseUrl)
  Object.assign(given, { username: user, password: '' })
  writeFileSync(file, 'the-old-one\n')
  url = readSettings({ DATABASE_URL: given.toString(), DATABASE_PASSWORD_FILE: file }).databaseUrl ?? ''
}, 60_000)
afterAll(async () => {
  await asAdministrator(`DROP ROLE ${user}`)
  await database.stop()
  rmSync(folder, { recursive: true })
}, 60_000)

async function asAdministrator(sql: string): Promise<void> {
  const client = await connect(database.databaseUrl, { applicationName: 'spec' })
  await client.query(sql)
  await client.end()
}

async function userBy(databaseUrl: string): Promise<unknown> {
  const client = await connect(databaseUrl, { applicationName: 'spec' })
  const { rows } = await client.query<{ user: string }>('SELECT session_user AS user')
  await client.end()
  return rows[0]?.user
}

describe('a password of the database in a file', () => {
  it('is read at each new connection, so that an exchanged one needs no restart', async () => {
    const pool = createPool(url, { applicationName: 'spec', max: 2 })
    const first = await pool.connect()
    expect(await userBy(asRole(url, user))).toBe(user)
    await asAdministrator(`ALTER ROLE ${user} PASSWORD 'the-new-one'`)
    await expect(userBy(url)).rejects.toThrow(/password authentication failed/)
    writeFileSync(file, 'the-new-one')
    expect(await userBy(url)).toBe(user)
    const second = await pool.connect()
    for (const client of [first, second])
      expect((await client.query('SELECT session_user AS user')).rows).toEqual([{ user }])
    first.release()
    second.release()
    await pool.end()
  })

  it('that cannot be read is told by its path', async () => {
    const away = readSettings({ DATABASE_URL: 'postgresql://u@127.0.0.1:1/x', DATABASE_PASSWORD_FILE: join(folder, 'none') }).databaseUrl // prettier-ignore
    const there = new URL(database.databaseUrl)
    there.password = ''
    there.searchParams.set('password_file', new URL(away ?? '').searchParams.get('password_file') ?? '')
    await expect(userBy(there.toString())).rejects.toThrow(/no such file.*none/)
  })

  it('is not given beside another, nor without a database', () => {
    const problems = (env: Record<string, string>) => () => readSettings({ DATABASE_PASSWORD_FILE: file, ...env })
    expect(problems({ DATABASE_URL: 'postgresql://u:p@db/x' })).toThrow('keep the file')
    expect(problems({})).toThrow('DATABASE_PASSWORD_FILE needs DATABASE_URL')
  })
})
