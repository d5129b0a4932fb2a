import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { connectorFor, looksSecret } from '@catena/connectors'
import { SOURCE_KINDS, type SourceInstance } from '@catena/domain'
import { deriveIntakeKeys, frameWhole, prepareRecords, type Framed } from '@catena/ingest'
import { PostgresLedger } from '@catena/ledger'
import { createPool } from '@catena/platform'
import { interpretEvent } from '@catena/projections'
import { accessIndexRunner } from '@catena/runtime'
import { startTestPostgres, type TestPostgres } from '@catena/testing'
import { openAnsweringApi } from './answering-api.js'
import { CANARIES, SECRETS, secretIn, TELLING_LENGTH } from './canary-kinds.js'
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

describe('secrets of every kind', () => {
  it('are a thousand of at least 30 kinds, and known by their shape', () => {
    expect(CANARIES.length).toBeGreaterThanOrEqual(30)
    expect(new Set(SECRETS.flat().map(({ core }) => core)).size).toBeGreaterThanOrEqual(1_000)
    expect(SECRETS.flat().filter(({ text }) => !looksSecret(text)).map(({ kind }) => kind)).toEqual([])
  }) // prettier-ignore

  it('R2.6 in any field, name or broken text of any source are nowhere in the database', async () => {
    const values = await storeAll(bytesOf(plantedInValues()))
    const names = await storeAll(bytesOf(plantedInNames()))
    const broken = await storeAll(plantedInBrokenTexts())
    expect(values.stored).toBeGreaterThan(10_000)
    expect(names.stored).toBeGreaterThan(300)
    expect(broken.quarantined).toBeGreaterThan(SOURCES.length * CANARIES.length * 4)
    await project()
    const searched = await leaksIn(pool, secretIn)
    expect(searched.values).toBeGreaterThan(200_000)
    expect(searched.leaks).toEqual([])
    expect(new Set(SOURCES.map(({ kind }) => kind))).toEqual(new Set(SOURCE_KINDS))
    console.info(
      `planted: ${SECRETS.flat().length} secrets of ${CANARIES.length} kinds in ${values.stored + names.stored} records of ${SOURCES.length} sources, ${broken.quarantined} quarantined; ${searched.values} values of the database searched, ${searched.leaks.length} found`,
    )
  }, 900_000)

  it('R2.6 are in no answer of the API and in nothing that it logs', async () => {
    const api = await openAnsweringApi({ databaseUrl: postgres.databaseUrl, ledger, sources: SOURCES })
    try {
      const answers = await api.askEverything()
      const found = answers.map(({ text }) => secretIn(text)).filter((secret) => secret !== undefined)
      for (const { text } of CANARIES.slice(0, 8)) await api.lookUp(text)
      expect(found).toEqual([])
      expect(api.log.map(secretIn).filter((secret) => secret !== undefined)).toEqual([])
      const length = answers.reduce((sum, { text }) => sum + text.length, 0)
      const refused = answers.filter(({ isRefused }) => isRefused).map(({ field }) => field)
      console.info(`API: ${answers.length} questions, ${length} characters of answers, ${api.log.length} lines logged, refused: ${refused.join(', ') || 'none'}`)
      expect(answers.length - refused.length).toBeGreaterThan(4)
      expect(length).toBeGreaterThan(100_000)
    } finally {
      await api.close()
    }
  }, 900_000) // prettier-ignore

  it('would be found: a value that nobody masks is', async () => {
    await pool.query(`CREATE TABLE leak AS SELECT convert_to($1, 'UTF8') AS bytes`, [`x ${CANARIES[0]!.text}`])
    expect((await leaksIn(pool, secretIn)).leaks).toEqual([
      `public.leak.bytes: ${CANARIES[0]!.core.slice(0, TELLING_LENGTH).toLowerCase()}`,
    ])
    await pool.query('DROP TABLE leak')
  }, 300_000)
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
    expect((await leaksIn(pool, (text) => new RegExp(PASSWORD, 'i').exec(text)?.[0])).leaks).toEqual([])
  }, 300_000)
})

describe('a hostile record', () => {
  it.each(HOSTILE_TEXTS)(
    '%s is stored or quarantined by every source',
    async (_, text) => {
      for (const source of SOURCES) {
        const before = await ledger.head()
        const { stored, quarantined } = await store(source, [Buffer.from(text)])
        expect(stored + quarantined).toBe(1)
        const [event] = stored === 1 ? await ledger.read(before, 1) : []
        if (event === undefined) continue
        expect(interpretEvent(event, interpretation)?.positions).toEqual([event.position])
        expect(JSON.stringify(Object.prototype)).toBe('{}')
      }
    },
    60_000,
  )

  it('does not stop the read models', async () => {
    await expect(project()).resolves.toBeUndefined()
  }, 300_000)
})
