import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { connectorFor, looksSecret } from '@catena/connectors'
import type { SourceInstance } from '@catena/domain'
import { deriveIntakeKeys, frameWhole, prepareRecords, type Framed } from '@catena/ingest'
import { PostgresLedger } from '@catena/ledger'
import { createPool } from '@catena/platform'
import { interpretEvent } from '@catena/projections'
import { accessIndexRunner } from '@catena/runtime'
import { startTestPostgres, type TestPostgres } from '@catena/testing'
import { CANARIES } from './canary-kinds.js'
import { leaksIn } from './database-search.js'
import { HOSTILE_TEXTS } from './hostile-texts.js'
import { plantedInBrokenTexts, plantedInNames, plantedInValues, SOURCES } from './planted-records.js'

const keys = deriveIntakeKeys(Buffer.alloc(32, 7))
const interpretation = { sources: SOURCES, connectorFor }
const RECEIVED_AT = Date.parse('2026-12-01T00:00:00Z')
/** Records of one transaction. */
const BATCH = 2000

let postgres: TestPostgres
let pool: ReturnType<typeof createPool>
let ledger: PostgresLedger

beforeAll(async () => {
  postgres = await startTestPostgres()
  ledger = new PostgresLedger({ databaseUrl: postgres.databaseUrl })
  pool = createPool(postgres.databaseUrl, { applicationName: 'spec' })
}, 60_000)

afterAll(async () => {
  await pool.end()
  await ledger.close()
  await postgres.stop()
}, 30_000)

async function store(source: SourceInstance, all: readonly Buffer[]): Promise<{ stored: number; quarantined: number }> {
  const sum = { stored: 0, quarantined: 0 }
  const intake = { source, connector: connectorFor(source.kind), keys }
  for (let from = 0; from < all.length; from += BATCH) {
    const framed = all.slice(from, from + BATCH).map((bytes) => frameWhole(bytes)!)
    const locate = (_: Framed, index: number) =>
      ({ door: 'http', request: `${source.id}-${from}`, index: from + index }) as const
    const { records, quarantined } = prepareRecords(framed, locate, RECEIVED_AT, intake)
    const outcome = await ledger.append({ records, quarantined })
    sum.stored += outcome.stored
    sum.quarantined += outcome.quarantined
  }
  return sum
}

async function storeAll(planted: Iterable<{ source: SourceInstance; bytes: Buffer }>) {
  const bySource = new Map<SourceInstance, Buffer[]>(SOURCES.map((source) => [source, []]))
  for (const { source, bytes } of planted) bySource.get(source)!.push(bytes)
  const sums = { stored: 0, quarantined: 0 }
  for (const [source, all] of bySource) {
    const { stored, quarantined } = await store(source, all)
    sums.stored += stored
    sums.quarantined += quarantined
  }
  return sums
}

function* bytesOf(planted: Iterable<{ source: SourceInstance; text: string }>) {
  for (const { source, text } of planted) yield { source, bytes: Buffer.from(text) }
}

/** What read models are made of must not throw, and is written to tables that are searched as well. */
async function project(): Promise<void> {
  const runner = accessIndexRunner({ databaseUrl: postgres.databaseUrl, ledger, interpretation }, (error) => {
    throw error
  })
  runner.start()
  await runner.caughtUp(await ledger.head())
  await runner.stop()
}

const IN_CLEAR = new RegExp(CANARIES.map(({ core }) => core.slice(0, 24)).join('|'), 'i')

describe('secrets of every kind', () => {
  it('are of at least 30 kinds, and known by their shape', () => {
    expect(CANARIES.length).toBeGreaterThanOrEqual(30)
    expect(CANARIES.filter(({ text }) => !looksSecret(text)).map(({ kind }) => kind)).toEqual([])
  })

  it('R2.6 in any field, name or broken text of any source are nowhere in the database', async () => {
    const values = await storeAll(bytesOf(plantedInValues()))
    const names = await storeAll(bytesOf(plantedInNames()))
    const broken = await storeAll(plantedInBrokenTexts())
    expect(values.stored).toBeGreaterThan(10_000)
    expect(names.stored).toBeGreaterThan(300)
    expect(broken.quarantined).toBeGreaterThan(SOURCES.length * CANARIES.length * 4)
    await project()
    const searched = await leaksIn(pool, IN_CLEAR)
    expect(searched.values).toBeGreaterThan(200_000)
    expect(searched.leaks).toEqual([])
  }, 300_000)

  it('would be found: a value that nobody masks is', async () => {
    await pool.query(`CREATE TABLE leak AS SELECT convert_to($1, 'UTF8') AS bytes`, [`x ${CANARIES[0]!.text}`])
    expect((await leaksIn(pool, IN_CLEAR)).leaks).toEqual([`public.leak.bytes: ${CANARIES[0]!.core.slice(0, 24)}`])
    await pool.query('DROP TABLE leak')
  }, 120_000)
})

describe('a password of no shape', () => {
  const PASSWORD = 'Walrus-Anvil-Teapot'
  const vault = SOURCES.find(({ kind }) => kind === 'vault')!
  const userpass = { mount_point: 'auth/userpass/', mount_type: 'userpass', mount_accessor: 'auth_userpass_1' }
  const login = (id: string, path: string, more: object): string =>
    JSON.stringify({ time: '2026-11-23T05:00:00Z', request: { id, operation: 'update', path, ...more } })
  const halves = (text: string, error: string): string[] =>
    ['request', 'response'].map((type) => JSON.stringify({ ...JSON.parse(text), type, error }))

  it('R2.6 that was typed as the name of a login is nowhere in the database', async () => {
    const records = [
      ...halves(login('typed-1', `auth/userpass/login/${PASSWORD}`, userpass), 'invalid credentials'),
      ...halves(login('typed-2', `auth/userpass/login/a/${PASSWORD}`, userpass), 'invalid credentials'),
      ...halves(login('typed-3', `auth/ldapp/login/${PASSWORD}`, {}), '1 error occurred: unsupported path'),
    ]
    const { stored } = await store(
      vault,
      records.map((text) => Buffer.from(text)),
    )
    expect(stored).toBe(records.length)
    await project()
    expect((await leaksIn(pool, new RegExp(PASSWORD, 'i'))).leaks).toEqual([])
  }, 120_000)
})

describe('a hostile record', () => {
  it.each(HOSTILE_TEXTS)('%s is stored or quarantined by every source', async (_, text) => {
    for (const source of SOURCES) {
      const before = await ledger.head()
      const { stored, quarantined } = await store(source, [Buffer.from(text)])
      expect(stored + quarantined).toBe(1)
      const [event] = stored === 1 ? await ledger.read(before, 1) : []
      if (event === undefined) continue
      expect(interpretEvent(event, interpretation)?.positions).toEqual([event.position])
      expect(JSON.stringify(Object.prototype)).toBe('{}')
    }
  })

  it('does not stop the read models', async () => {
    await expect(project()).resolves.toBeUndefined()
  }, 120_000)
})
