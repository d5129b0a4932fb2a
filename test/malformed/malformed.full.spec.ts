import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { readLocalToken } from '@catena/callers'
import { readSettings } from '@catena/platform'
import { startTestPostgres, type TestPostgres } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { startAll, type Running } from '../../apps/cli/src/up.js'
import { shootDocuments, shootRecords } from './shoot.js'

jest.setTimeout(600_000)

const COUNT = 10_000
const WARM_UP = 1_500
/** What the heap may have grown by after the shooting, bytes; a leak of one body each would be some megabytes a thousand. */
const GROWTH_MAX = 60 * 1024 * 1024

let database: TestPostgres
let folder: string
let running: Running
let headers: Record<string, string>

beforeAll(async () => {
  database = await startTestPostgres()
  folder = await mkdtemp(join(tmpdir(), 'catena-malformed-'))
  await writeFile(join(folder, 'catena.yaml'), 'sources: [{ id: idp, kind: keycloak, scope: acme }]\n')
  const env = {
    DATABASE_URL: database.databaseUrl,
    CATENA_DATA: folder,
    CATENA_CONFIG: join(folder, 'catena.yaml'),
    CATENA_PORT: '0',
    LOG_LEVEL: 'silent',
  }
  running = await startAll(readSettings(env), env)
  headers = { authorization: `Bearer ${await readLocalToken(folder)}` }
}, 120_000)
afterAll(async () => {
  await running.stop()
  await database.stop()
  await rm(folder, { recursive: true })
})

/** What is left after a full collection: garbage that nobody collected yet is no growth. */
function heap(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  return process.memoryUsage().heapUsed
}

describe.each([
  ['GraphQL documents', (count: number, seed: number) => shootDocuments(running.url, headers, count, seed)],
  ['ingest bodies', (count: number, seed: number) => shootRecords(running.url, headers, count, seed)],
])('10,000 malformed %s', (name, shoot) => {
  it('are answered without a fault, and leave the memory as it was (seed 20261128)', async () => {
    await shoot(WARM_UP, 1)
    const before = heap()
    const statuses = await shoot(COUNT, 20_261_128)
    const growth = heap() - before
    console.log(name, Object.fromEntries(statuses), `heap ${(growth / 1024 / 1024).toFixed(1)} MiB`)
    expect([...statuses.keys()].filter((status) => status >= 500)).toEqual([])
    expect([...statuses.values()].reduce((sum, count) => sum + count, 0)).toBe(COUNT)
    expect(growth).toBeLessThan(GROWTH_MAX)
    expect((await fetch(`${running.url}/health/ready`)).status).toBe(200)
  })
})
