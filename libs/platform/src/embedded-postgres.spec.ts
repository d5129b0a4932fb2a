import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { connect } from './database.js'
import { DataFolderInUse, findInstance, startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.js'
import { runningServer, startPostgresServer } from './postgres-server.js'
import { isAlive } from './processes.js'

const modeOf = (file: string): number => statSync(file).mode & 0o777

async function ask(databaseUrl: string, sql: string): Promise<unknown[]> {
  const client = await connect(databaseUrl, { applicationName: 'spec' })
  try {
    return (await client.query<{ v: unknown }>(sql)).rows.map(({ v }) => v)
  } finally {
    await client.end()
  }
}

describe('an embedded PostgreSQL', () => {
  let dataFolder: string
  let running: EmbeddedPostgres | undefined
  const start = async (): Promise<EmbeddedPostgres> =>
    (running = await startEmbeddedPostgres({ dataFolder, port: 4600 }))

  beforeAll(() => {
    dataFolder = mkdtempSync(join(tmpdir(), 'catena-embedded-'))
    chmodSync(dataFolder, 0o711)
  })
  afterEach(async () => {
    await running?.stop()
    running = undefined
  })
  afterAll(() => rmSync(dataFolder, { recursive: true, force: true }))

  it('starts, tells other processes where it is, and leaves nothing running', async () => {
    const { databaseUrl, port, stop } = await start()
    expect(await findInstance(dataFolder)).toEqual({ pid: process.pid, port: 4600, databasePort: port, databaseUrl })
    expect([modeOf(join(dataFolder, 'catena.json')), modeOf(join(dataFolder, 'postgres', 'password'))]).toEqual([
      0o600, 0o600,
    ])
    expect(await ask(databaseUrl, `SELECT current_setting('synchronous_commit') AS v`)).toEqual(['on'])
    await ask(databaseUrl, 'CREATE TABLE kept AS SELECT 42 AS v')
    const server = await runningServer(join(dataFolder, 'postgres'))
    await stop()
    expect(isAlive(server!.pid)).toBe(false)
    expect(await findInstance(dataFolder)).toBeUndefined()
  }, 60_000)

  it('keeps its data over a restart', async () => {
    const { databaseUrl } = await start()
    expect(await ask(databaseUrl, 'SELECT v FROM kept')).toEqual([42])
  }, 60_000)

  it('refuses a second start on the folder in one line that says who holds it', async () => {
    const { port } = await start()
    const failure: unknown = await startEmbeddedPostgres({ dataFolder }).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(DataFolderInUse)
    expect(String(failure)).toContain(`in use by process ${process.pid} (port 4600, database port ${port})`)
    expect(String(failure)).not.toContain('\n')
  }, 60_000)

  it('takes over the server and the lock of a process that was killed', async () => {
    const left = await startPostgresServer({ folder: join(dataFolder, 'postgres') })
    const { pid: dead } = spawnSync(process.execPath, ['-e', ''])
    writeFileSync(join(dataFolder, 'catena.lock'), JSON.stringify({ pid: dead }))
    const { port, databaseUrl } = await start()
    expect(port).toBe(left.port)
    expect(await runningServer(join(dataFolder, 'postgres'))).toEqual({ pid: left.pid, port })
    expect(await ask(databaseUrl, 'SELECT v FROM kept')).toEqual([42])
    expect(JSON.parse(readFileSync(join(dataFolder, 'catena.lock'), 'utf8'))).toMatchObject({ pid: process.pid })
  }, 60_000)

  it('recovers from a server that was killed itself', async () => {
    const left = await startPostgresServer({ folder: join(dataFolder, 'postgres') })
    process.kill(left.pid, 'SIGKILL')
    const { databaseUrl } = await start()
    expect(await ask(databaseUrl, 'SELECT v FROM kept')).toEqual([42])
  }, 60_000)

  it('starts a server again that was killed while it was in use, on the same port', async () => {
    const { databaseUrl, port } = await start()
    const { pid } = (await runningServer(join(dataFolder, 'postgres')))!
    process.kill(pid, 'SIGKILL')
    for (let answer: unknown[] = []; answer.length === 0;)
      answer = await ask(databaseUrl, 'SELECT v FROM kept').catch(() => [])
    expect(await runningServer(join(dataFolder, 'postgres'))).toMatchObject({ port })
  }, 60_000)

  it('mends a lock whose process id now belongs to another process', async () => {
    writeFileSync(join(dataFolder, 'catena.lock'), JSON.stringify({ pid: process.ppid, startMark: 'long ago' }))
    const { databaseUrl } = await start()
    expect(await ask(databaseUrl, 'SELECT 1 AS v')).toEqual([1])
  }, 60_000)
})
