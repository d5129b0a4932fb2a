import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { loadLocalToken } from '@catena/callers'
import { connectorFor } from '@catena/connectors'
import { deriveIntakeKeys, ingestFile } from '@catena/ingest'
import { PostgresLedger } from '@catena/ledger'
import { connect, loadInstallationKey } from '@catena/platform'
import { TOPICS } from '@catena/runtime'
import { openRecording, startTestPostgres, testBrokerOrSkip, type TestPostgres } from '@catena/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals'
import kafkajs from 'kafkajs'
import type pg from 'pg'
import { buildApp, startApp, type Member } from './start-ingest.js'

jest.setTimeout(300_000)

const LINES = 40
const TOPIC = TOPICS.find(({ kinds }) => kinds.includes('vault'))?.topic ?? ''
const WAIT_MAX_MS = 20_000
/** Well beyond what an idle process needs to end. */
const STILL_MS = 1_500

const recording = await openRecording()
const audit = recording.files.find(({ source }) => source.kind === 'vault')
const lines = gunzipSync(readFileSync(audit?.path ?? ''))
  .toString()
  .split('\n')
  .slice(0, LINES)

let folder: string
let database: TestPostgres
let ledger: PostgresLedger
let holder: pg.Client
/** Not the holder: in a transaction PostgreSQL shows the sessions that there were when it was first asked. */
let watcher: pg.Client
let member: Member | undefined
const bundles = new Map<string, string>()

beforeAll(async () => {
  for (const app of ['api', 'ingest', 'projector'] as const) bundles.set(app, await buildApp(app))
  folder = mkdtempSync(join(tmpdir(), 'catena-drain-'))
  writeFileSync(join(folder, 'catena.yaml'), 'sources: [{ id: vault, kind: vault, scope: prod-1 }]\n')
  database = await startTestPostgres()
  holder = await connect(database.databaseUrl, { applicationName: 'catena-test' })
  watcher = await connect(database.databaseUrl, { applicationName: 'catena-test' })
  ledger = new PostgresLedger({ databaseUrl: database.databaseUrl })
})
afterEach(async () => {
  await holder.query('ROLLBACK')
  member?.kill('SIGKILL')
  await member?.ended
})
afterAll(async () => {
  await ledger.close()
  await holder.end()
  await watcher.end()
  await database.stop()
  rmSync(folder, { recursive: true })
  for (const bundle of bundles.values()) rmSync(bundle)
})

/** Starts an app and resolves with its address. */
async function start(app: 'api' | 'ingest' | 'projector', env: Record<string, string> = {}): Promise<string> {
  member = startApp(bundles.get(app) ?? '', {
    DATABASE_URL: database.databaseUrl,
    CATENA_DATA: folder,
    CATENA_CONFIG: join(folder, 'catena.yaml'),
    CATENA_PORT: '0',
    ...env,
  })
  return (JSON.parse(await member.says('"started"')) as { url: string }).url
}

/** As who may read the data folder. */
async function known(): Promise<Record<string, string>> {
  return { authorization: `Bearer ${await loadLocalToken(folder)}` }
}

/** Events that answers do not contain yet. */
async function lagOf(url: string): Promise<number> {
  return ((await (await fetch(`${url}/health/ready`)).json()) as { lag: number }).lag
}

/** Nobody else gets further than this until `ROLLBACK`. */
async function hold(sql: string): Promise<void> {
  await holder.query('BEGIN')
  await holder.query(sql)
}

/** Held are those that write, or those that read as well; the read model's tables may lie in any schema. */
async function holdReadModel(mode: 'EXCLUSIVE' | 'ACCESS EXCLUSIVE'): Promise<void> {
  const { rows } = await holder.query<{ name: string }>(
    `SELECT oid::regclass::text AS name FROM pg_class WHERE relname = 'access_fact' AND relkind = 'r'`,
  )
  await hold(`LOCK TABLE ${rows.map(({ name }) => name).join(', ')} IN ${mode} MODE`)
}

/** For the holder, not for something else. */
async function untilSomebodyWaits(): Promise<void> {
  const { rows: held } = await holder.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  const until = Date.now() + WAIT_MAX_MS
  while (Date.now() < until) {
    const { rowCount } = await watcher.query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND $1 = ANY (pg_blocking_pids(pid))`,
      [held[0]?.pid],
    )
    if ((rowCount ?? 0) > 0) return
    await sleep(20)
  }
  throw new Error('nobody waits for what is held')
}

/** Asks the process to end while its work waits, sees it stay, lets the work go on, and resolves with its exit code. */
async function endsInOrder(): Promise<number | string | undefined> {
  await untilSomebodyWaits()
  member?.kill('SIGTERM')
  const early = await Promise.race([member?.ended, sleep(STILL_MS, 'still there')])
  expect(early).toBe('still there')
  await holder.query('ROLLBACK')
  return member?.ended
}

describe('a process that is told to end', () => {
  it('as ingest answers the request that it holds after its commit', async () => {
    const url = await start('ingest')
    await hold('SELECT FROM ledger_head FOR UPDATE')
    const asked = fetch(`${url}/ingest/vault`, { method: 'POST', headers: await known(), body: lines.join('\n') })
    expect(await endsInOrder()).toBe(0)
    const response = await asked
    expect([response.status, await response.json()]).toEqual([200, expect.objectContaining({ stored: LINES })])
    expect(await ledger.head()).toBe(LINES)
  })

  it('as projector commits the batch that it folds', async () => {
    const url = await start('projector')
    while ((await lagOf(url)) > 0) await sleep(50)
    await holdReadModel('EXCLUSIVE')
    const key = await loadInstallationKey(join(folder, 'installation.key'))
    const source = {
      id: 'vault',
      kind: 'vault',
      scope: 'prod-1',
      federations: [],
      sharedIdentities: [],
      gaps: [],
    } as const
    await ingestFile({ path: audit?.path ?? '', source, ledger, connectorFor, keys: deriveIntakeKeys(key) })
    expect(await endsInOrder()).toBe(0)
    expect(await lagOf(await start('api'))).toBeLessThan((await ledger.head()) - LINES)
  })

  it('as API answers the question that it holds', async () => {
    const url = await start('api')
    const headers = await known()
    const ask = (): Promise<Response> =>
      fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query: '{ evidence { cut retrievals(first: 5) { edges { cursor } } } }' }),
      })
    const answer = await (await ask()).json()
    await holdReadModel('ACCESS EXCLUSIVE')
    const asked = ask()
    expect(await endsInOrder()).toBe(0)
    const response = await asked
    expect([response.status, await response.json()]).toEqual([200, answer])
  })
})

const broker = await testBrokerOrSkip({ exclusive: true })
const describeKafka = broker === undefined ? describe.skip : describe

describeKafka('a process that reads from Kafka and is told to end', () => {
  afterAll(() => broker?.stop())

  it('commits the batch that it holds, and the next one goes on behind it', async () => {
    const brokers = [...(broker?.brokers ?? [])]
    const client = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING })
    const [admin, producer] = [
      client.admin(),
      client.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner, idempotent: true }),
    ]
    await Promise.all([admin.connect(), producer.connect()])
    await admin.createTopics({ topics: [{ topic: TOPIC, numPartitions: 1 }], waitForLeaders: true })
    const send = async (count: number): Promise<void> => {
      const messages = Array.from({ length: count }, () => ({
        value: JSON.stringify({ ...JSON.parse(lines[0] ?? '{}'), type: 'request', mark: randomUUID() }),
      }))
      await producer.send({ topic: TOPIC, messages })
    }
    const before = await ledger.head()
    await send(30)
    await hold('SELECT FROM ledger_head FOR UPDATE')
    const env = { KAFKA_BROKERS: brokers.join(',') }
    await start('ingest', env)
    expect(await endsInOrder()).toBe(0)
    const [lane] = (await ledger.lanes()).filter(({ lane }) => lane.startsWith('kafka:'))
    expect([lane?.next, await ledger.head()]).toEqual([30n, before + 30])
    await send(5)
    await start('ingest', env)
    while ((await ledger.head()) < before + 35) await sleep(50)
    member?.kill('SIGTERM')
    expect(await member?.ended).toBe(0)
    const { lanes, holds } = await ledger.conservation()
    expect(holds).toBe(true)
    expect(lanes.find(({ lane: name }) => name === lane?.lane)).toMatchObject({
      offsets: 35,
      read: 35,
      stored: 35,
      duplicates: 0,
    })
    await Promise.all([admin.disconnect(), producer.disconnect()])
  })
})
