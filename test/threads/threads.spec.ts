import { connectorFor } from '@catena/connectors'
import { ingestFile, deriveIntakeKeys } from '@catena/ingest'
import { PostgresLedger } from '@catena/ledger'
import { walkStretch, type WalkedStretch } from '@catena/governance'
import { createPool, prepareRoles, systemClock, Thread } from '@catena/platform'
import { MentionTeller, type Stretch } from '@catena/projections'
import { accessIndexRunner, openReader, walkThreads } from '@catena/runtime'
import { ExportDesk, readFeedHead } from '@catena/siem'
import { openRecording, startTestPostgres, type Recording, type TestPostgres } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type pg from 'pg'
import type { ExportThreadData } from '../../apps/worker/src/export.js'
import { bundleProgram } from '../faults/bundle-program.js'

const ROOT = join(import.meta.dirname, '..', '..')

describe('what `npm start` does in threads of its own', () => {
  let postgres: TestPostgres
  let recording: Recording
  let ledger: PostgresLedger
  let pool: pg.Pool
  let data: ExportThreadData
  const folder = mkdtempSync(join(tmpdir(), 'catena-threads-'))
  const ends: (() => Promise<unknown>)[] = []
  const errors: unknown[] = []
  beforeAll(async () => {
    postgres = await startTestPostgres()
    const { databaseUrl } = await prepareRoles(postgres.databaseUrl)
    recording = await openRecording()
    const { sources } = recording
    ledger = new PostgresLedger({ databaseUrl })
    pool = createPool(databaseUrl, { applicationName: 'spec' })
    data = { databaseUrl, sources, walk: {}, logLevel: 'silent', withKafka: false }
    const index = accessIndexRunner({ databaseUrl, ledger, interpretation: { sources, connectorFor } }, (error) => errors.push(error)) // prettier-ignore
    index.start()
    ends.push(() => index.stop())
    for (const { source, path } of recording.files.filter((file) => file.path.includes('vault-audit-b')))
      await ingestFile({ path, source, ledger, connectorFor, keys: deriveIntakeKeys(Buffer.alloc(32, 7)), final: true })
  }, 120_000)
  afterAll(async () => {
    for (const end of ends.reverse()) await end()
    await pool.end()
    await ledger.close()
    await postgres.stop()
    rmSync(folder, { recursive: true })
  }, 60_000)

  const bundled = async (entry: string): Promise<URL> => {
    await bundleProgram(join(ROOT, entry))
    const name = entry.slice(entry.lastIndexOf('/') + 1).replace(/\.ts$/, '.mjs')
    return pathToFileURL(join(ROOT, 'node_modules', '.cache', 'catena-faults', name))
  }
  const begin = async (entry: string): Promise<Thread> => {
    const file = await bundled(entry)
    const thread = new Thread({ file, data, onError: (error) => errors.push(error) })
    thread.start()
    ends.push(() => thread.stop())
    return thread
  }
  const until = async (isSo: () => Promise<boolean>): Promise<void> => {
    while (!(await isSo()) && errors.length === 0) await new Promise((resolve) => setTimeout(resolve, 25))
    expect(errors).toEqual([])
  }
  const sole = async (sql: string): Promise<number> => Number((await pool.query<{ n: string }>(sql)).rows[0]?.n ?? 0)

  it('R5.1 sums up and judges what the index knows, and ends with its lead given back', async () => {
    const thread = await begin('libs/runtime/src/governance-thread.ts')
    const records = await ledger.head()
    await until(
      async () =>
        (await sole(`SELECT position AS n FROM governance.checkpoint WHERE name = 'access-summary'`)) >= records &&
        (await sole('SELECT count(*) AS n FROM governance.evaluation')) > 0 &&
        (await sole('SELECT count(*) AS n FROM governance.stale_credential')) === 0,
    )
    await thread.stop()
    expect(
      await sole(
        `SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'catena-govern'`,
      ),
    ).toBe(0)
  })

  it('R6.3 walks in threads what is walked here, to the byte', async () => {
    const { sources } = recording
    const { reader, close } = openReader({ databaseUrl: data.databaseUrl, ledger, interpretation: { sources, connectorFor } }) // prettier-ignore
    ends.push(close)
    const open = walkThreads(data, await bundled('libs/runtime/src/walk-thread.ts'))
    if (open === undefined) throw new Error('there is no file to begin a thread with')
    const walkers = open()
    ends.push(() => walkers.end())
    const asOf = await reader.asOf()
    const stretches: Stretch[] = []
    for await (const stretch of reader.stretches(30)) stretches.push(stretch)
    expect(stretches.length).toBeGreaterThan(5)
    const there: WalkedStretch[] = []
    for (let at = 0; at < stretches.length; at += walkers.lanes)
      there.push(...(await Promise.all(stretches.slice(at, at + walkers.lanes).map((one) => walkers.walk(asOf, one)))))
    // The one beyond them told of the stretches.
    expect(await sole(`SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'catena-answers'`)).toBeLessThanOrEqual(walkers.lanes + 1) // prettier-ignore
    const here: WalkedStretch[] = []
    for (const stretch of stretches) here.push(await walkStretch(reader, asOf, stretch))
    expect(there).toEqual(here)
  })

  it('R8.1 writes the feed and sends all of it, and goes on where it stood', async () => {
    const desk = new ExportDesk({ streams: ledger, pool, clock: systemClock, sources: [], env: {}, connectKafka: undefined }) // prettier-ignore
    await desk.add({ id: 'files', kind: 'files', format: 'ecs', target: { folder } }, { actor: 'spec', at: 0 })
    // Heartbeats repeat the last sequence, which is 0 before the first event. The last line may not be whole yet.
    const sequences = (): number[] =>
      readdirSync(folder).flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1).map(sequenceOf)) // prettier-ignore
    // Of a moment: chains are told again after that.
    let told = 0
    const isTold = async (): Promise<boolean> => {
      const { position, sequence } = await readFeedHead(pool)
      told = sequence
      return position >= (await ledger.head()) && new Set(sequences().filter((one) => one > 0)).size === sequence
    }
    const first = await begin('apps/worker/src/export-thread.ts')
    await until(isTold)
    await first.stop()
    for (const { source, path } of recording.files.filter((file) => file.path.includes('keycloak-events')))
      await ingestFile({ path, source, ledger, connectorFor, keys: deriveIntakeKeys(Buffer.alloc(32, 7)), final: true })
    await begin('apps/worker/src/export-thread.ts')
    await until(isTold)
    const seen = [...new Set(sequences())].filter((one) => one > 0).sort((a, b) => a - b)
    expect(seen.slice(0, told)).toEqual(Array.from({ length: told }, (_, index) => index + 1))
  })

  it('R8.1 tells in the feed what the thread that keeps the index heard, whatever the records are', async () => {
    const ids = (): Promise<number> => sole('SELECT count(DISTINCT id) AS n FROM feed_event')
    const [head, before] = [await ledger.head(), await ids()]
    const teller = new MentionTeller(data.databaseUrl)
    ends.push(() => {
      teller.close()
      return Promise.resolve()
    })
    teller.tell({ after: head, through: head + 10_000, mentions: [], decisions: [] })
    for (const { source, path } of recording.files.filter((file) => file.path.includes('vault-audit-a')))
      await ingestFile({ path, source, ledger, connectorFor, keys: deriveIntakeKeys(Buffer.alloc(32, 7)), final: true })
    const through = await ledger.head()
    await until(async () => (await readFeedHead(pool)).position >= through)
    expect(through).toBeGreaterThan(head)
    expect(await ids()).toBe(before)
  })
})

function sequenceOf(line: string): number {
  return (JSON.parse(line) as { event: { sequence: number } }).event.sequence
}
