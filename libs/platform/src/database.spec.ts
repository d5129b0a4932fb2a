import { createServer, type AddressInfo } from 'node:net'
import { readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import { asRole } from './database-roles.js'
import { asDatabaseError, connect, createPool, isTransient } from './database.js'
import { startTestPostgres } from '@catena/testing'
import type pg from 'pg'

describe('a failure that passes with time', () => {
  it.each([
    ['a lost connection', Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })],
    ['a full disk', Object.assign(new Error('could not extend file'), { code: '53100' })],
    ['a server in recovery', Object.assign(new Error('the database system is in recovery mode'), { code: '57P03' })],
    ['a deadlock', Object.assign(new Error('deadlock detected'), { code: '40P01' })],
    ['a lock held too long', Object.assign(new Error('canceling statement'), { code: '55P03' })],
    [
      'a server in recovery, told by Prisma',
      Object.assign(new Error('Invalid invocation'), {
        code: 'P2010',
        meta: { driverAdapterError: { cause: { originalCode: '57P03', originalMessage: 'in recovery mode' } } },
      }),
    ],
  ])('is told from a mistake: %s', (_, error) => expect(isTransient(error)).toBe(true))

  it.each([
    ['a refused change', Object.assign(new Error('append-only'), { code: '42501' })],
    ['a broken rule', Object.assign(new Error('duplicate key'), { code: '23505' })],
    ['a defect', new TypeError('x is not a function')],
  ])('is not: %s', (_, error) => expect(isTransient(error)).toBe(false))
})

describe('a server that answers and cannot do it', () => {
  const url = 'postgresql://u:secret@db.example:5432/catena'
  const told = (error: unknown, of = url) => (asDatabaseError(error, of) as Error).message

  it.each([
    ['53100', 'could not extend file "base/1/2": No space left on device', 'its disk is full: free space there'],
    ['53300', 'sorry, too many clients already', 'end what holds them, or raise max_connections'],
    ['28P01', 'password authentication failed for user "u"', 'check user and password in DATABASE_URL'],
    ['55P03', 'canceling statement due to lock timeout', 'try again in a moment'],
  ])('says what to do about %s, and not to look whether it runs', (code, message, advice) => {
    const text = told(Object.assign(new Error(message), { code }))
    expect(text).toContain(`db.example:5432/catena is not available (${message}): `)
    expect(text).toContain(advice)
    expect(text).not.toMatch(/check that it runs|secret/)
  })

  it('says so of a statement that took too long, and of one that found nobody that it was not there', async () => {
    const database = await startTestPostgres()
    const pool = createPool(database.databaseUrl, { applicationName: 'spec', statementTimeoutMs: 20 })
    const slow: unknown = await pool.query('SELECT pg_sleep(5)').catch((error: unknown) => error)
    expect(told(slow, database.databaseUrl)).toContain('it runs, and took longer than it may')
    await pool.end()
    await database.stop()
    const gone: unknown = await connect('postgresql://u@127.0.0.1:1/catena', { applicationName: 'spec' }).catch((error: unknown) => error) // prettier-ignore
    expect(told(gone)).toContain('check that it runs and that DATABASE_URL is right')
  })
})

describe('the time to connect in a database URL', () => {
  it('is how long a server is waited for that takes the connection and says nothing', async () => {
    const silent = createServer()
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const waited = (seconds: number): Promise<number> =>
      connect(`postgresql://u@127.0.0.1:${(silent.address() as AddressInfo).port}/catena?connect_timeout=${seconds}`, { applicationName: 'spec' })
        .then(() => 0, () => seconds) // prettier-ignore
    expect(await Promise.race([waited(3), waited(1), waited(2)])).toBe(1)
    silent.close()
  })
})

describe('options in a database URL', () => {
  it('come on top of the session’s own', async () => {
    const database = await startTestPostgres()
    const client = await connect(asRole(`${database.databaseUrl}&options=-c%20work_mem%3D8MB`, 'pg_read_all_data'), {
      applicationName: 'spec',
    })
    const { rows } = await client.query(
      `SELECT current_user AS user, current_setting('TimeZone') AS zone, current_setting('work_mem') AS memory`,
    )
    await client.end()
    await database.stop()
    expect(rows).toEqual([{ user: 'pg_read_all_data', zone: 'UTC', memory: '8MB' }])
  }, 60_000)
})

describe('a connection that says nothing for long', () => {
  it('is kept alive, in a pool and on its own', async () => {
    const database = await startTestPostgres()
    const pool = createPool(database.databaseUrl, { applicationName: 'spec' })
    const client = await connect(database.databaseUrl, { applicationName: 'spec' })
    const timers = [await timerOf(pool), await timerOf(client)]
    await client.end()
    await pool.end()
    await database.stop()
    expect(timers).toEqual(['keepalive', 'keepalive'])
  }, 60_000)
})

/** What the system waits for on the idle connection, by its own table (proc(5), `/proc/net/tcp`). */
async function timerOf(connection: Pick<pg.ClientBase, 'query'>): Promise<string> {
  const { rows } = await connection.query<{ port: number }>('SELECT inet_client_port() AS port')
  const port = rows[0]?.port.toString(16).toUpperCase().padStart(4, '0') ?? ''
  const lines = (await readFile('/proc/net/tcp', 'utf8')).split('\n').map((line) => line.trim().split(/\s+/))
  const timer = lines.find(([, local]) => local?.endsWith(`:${port}`) === true)?.[5]
  return timer?.startsWith('02:') === true ? 'keepalive' : `${timer}`
}

describe('a pool that keeps connections', () => {
  it.each([0, 1])('of which %d stay open has as many after nobody asked for long', async (min) => {
    const database = await startTestPostgres()
    const pool = createPool(database.databaseUrl, { applicationName: 'spec', min })
    pool.options.idleTimeoutMillis = 20
    const closed = new Promise<void>((resolve) => {
      let open = 2
      pool.on('remove', () => {
        open -= 1
        if (open === min) resolve()
      })
    })
    const held = await Promise.all([pool.connect(), pool.connect()])
    expect(pool.totalCount).toBe(2)
    for (const client of held) client.release()
    await closed
    await pause(200)
    expect([pool.totalCount, pool.idleCount]).toEqual([min, min])
    await pool.query('SELECT 1')
    await pool.end()
    await database.stop()
  })
})
