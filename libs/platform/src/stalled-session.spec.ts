import { startTestPostgres, type TestPostgres } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { connect } from './database.js'
import { prepareRoles } from './database-roles.js'
import { endStalledSessions } from './stalled-session.js'

let database: TestPostgres
let databaseUrl: string
let clients: pg.Client[]

beforeAll(async () => {
  database = await startTestPostgres()
  databaseUrl = (await prepareRoles(database.databaseUrl)).databaseUrl
  clients = []
}, 60_000)

afterAll(async () => {
  for (const client of clients) await client.end().catch(() => undefined)
  await database.stop()
}, 60_000)

async function session(applicationName: string): Promise<pg.Client> {
  const client = await connect(databaseUrl, { applicationName, statementTimeoutMs: 200 })
  client.on('error', () => undefined)
  clients.push(client)
  await client.query('CREATE TEMP TABLE stage (x int)')
  return client
}

/** Begins a COPY and sends nothing, as a process that was stopped. Resolves with the error that ends it. */
function stall(client: pg.Client): Promise<Error> {
  const copy = client.query(copyFrom('COPY stage FROM STDIN'))
  return new Promise<Error>((resolve) => copy.on('error', resolve))
}

describe('a session whose COPY waits for its client', () => {
  it('is ended by another of the same name, past every time limit of its own (R1.9)', async () => {
    const stalled = await session('stalls')
    const ended = stall(stalled)
    const [other, namesake] = [await session('elsewhere'), await session('stalls')]
    while ((await endStalledSessions(namesake, 300)) === 0) expect(await endStalledSessions(other, 0)).toBe(0)
    expect((await ended).message).toMatch(/terminat/)
    expect((await namesake.query<{ role: string }>('SELECT current_user AS role')).rows[0]?.role).toBe('catena_app')
  })

  it('stays while it is young', async () => {
    void stall(await session('young'))
    expect(await endStalledSessions(await session('young'), 60_000)).toBe(0)
  })
})
