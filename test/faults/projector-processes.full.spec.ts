import { setTimeout as sleep } from 'node:timers/promises'
import { connectorFor } from '@catena/connectors'
import { deriveIntakeKeys, ingestFile } from '@catena/ingest'
import { PostgresLedger } from '@catena/ledger'
import { connect, prepareRoles } from '@catena/platform'
import { LEADS } from '@catena/projections'
import { verifyReadModel, type AccessIndexSource } from '@catena/runtime'
import { openRecording, startTestPostgres, type Recording, type TestPostgres } from '@catena/testing'
import { afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { buildProjector, startProjector, type ProjectorProcess } from './start-projector.js'

jest.setTimeout(120_000)

/** Another projector leads within this time: the longest silence that the server grants, and a look every half second. */
const TAKE_OVER_MAX_MS = 10_000

let recording: Recording
let database: TestPostgres
let owner: pg.Client
let instance: AccessIndexSource & { readonly ownerUrl: string; readonly ledger: PostgresLedger }
let processes: ProjectorProcess[]

beforeAll(async () => {
  recording = await openRecording()
  await buildProjector()
}, 60_000)

beforeEach(async () => {
  database = await startTestPostgres()
  const { databaseUrl } = await prepareRoles(database.databaseUrl)
  owner = await connect(database.databaseUrl, { applicationName: 'spec', statementTimeoutMs: 0 })
  const ledger = new PostgresLedger({ databaseUrl })
  const interpretation = { sources: recording.sources, connectorFor }
  instance = { databaseUrl, ownerUrl: database.databaseUrl, ledger, interpretation }
  processes = []
}, 60_000)

afterEach(async () => {
  for (const each of processes) each.kill('SIGKILL')
  await owner.end()
  await instance.ledger.close()
  await database.stop()
}, 60_000)

function start(rebuilds = false): ProjectorProcess {
  const { databaseUrl, ownerUrl } = instance
  const started = startProjector({ databaseUrl, ownerUrl, sources: recording.sources, rebuilds })
  processes.push(started)
  return started
}

/** Feeds the recording's files from one to another. */
async function feed(from: number, to: number): Promise<void> {
  const keys = deriveIntakeKeys(Buffer.alloc(32, 7))
  for (const { source, path } of recording.files.slice(from, to))
    await ingestFile({ path, source, ledger: instance.ledger, connectorFor, keys, final: true })
}

async function untilCaughtUp(): Promise<number> {
  const head = await instance.ledger.head()
  const began = performance.now()
  for (;;) {
    const { rows } = await owner.query<{ position: string }>('SELECT position FROM projection')
    if (Number(rows[0]?.position ?? 0) >= head) return performance.now() - began
    await sleep(50)
  }
}

/** The index is what a fresh fold of the ledger gives, to the row. */
async function expectFresh(fault: string): Promise<void> {
  const { position, state, differences } = await verifyReadModel(instance, 'all')
  expect(differences).toEqual([])
  expect(state?.serving.hash).toBe(state?.fresh.hash)
  expect(position).toBe(await instance.ledger.head())
  process.stdout.write(
    `${fault}: ${position} events, state ${state?.serving.hash.slice(0, 16)} equal to a fresh fold\n`,
  )
}

describe('two projectors on one database', () => {
  it('one leads, and the other takes over when the leader is killed (R1.9)', async () => {
    const first = start()
    await first.until('leading')
    const second = start()
    await second.until('following')
    expect(second.said).not.toContain('leading')
    await feed(0, 2)
    first.kill('SIGKILL')
    const began = performance.now()
    const taken = second.until('leading').then(() => Math.round(performance.now() - began))
    await feed(2, recording.files.length)
    expect(await taken).toBeLessThan(TAKE_OVER_MAX_MS)
    await untilCaughtUp()
    await expectFresh(`leader killed, taken over in ${await taken} ms`)
  })

  it('the other takes over from a leader that is stopped, and whoever wakes up follows (R1.9)', async () => {
    const first = start()
    await first.until('leading')
    const second = start()
    await second.until('following')
    await feed(0, 2)
    first.kill('SIGSTOP')
    const began = performance.now()
    await second.until('leading')
    const tookMs = Math.round(performance.now() - began)
    expect(tookMs).toBeLessThan(TAKE_OVER_MAX_MS)
    await feed(2, recording.files.length)
    first.kill('SIGCONT')
    await first.until('following')
    await untilCaughtUp()
    await expectFresh(`leader stopped, taken over in ${tookMs} ms`)
  })

  it('a leader that is stopped in the middle of a batch loses it (R1.9)', async () => {
    await feed(0, 2)
    // Holds the leader in its transaction, behind its checkpoint, until it is stopped there.
    await owner.query('BEGIN; LOCK TABLE access_fact IN SHARE MODE')
    const first = start()
    await first.until('leading')
    await blockedFold()
    first.kill('SIGSTOP')
    const second = start()
    await owner.query('COMMIT')
    const began = performance.now()
    await second.until('leading')
    expect(performance.now() - began).toBeLessThan(TAKE_OVER_MAX_MS)
    await untilCaughtUp()
    first.kill('SIGCONT')
    await first.until('following')
    await expectFresh('leader stopped in mid-batch')
  })

  it('a leader that is stopped in the middle of a COPY is ended by whoever follows (R1.9)', async () => {
    await feed(0, recording.files.length)
    const began = performance.now()
    const ended = await stoppedInCopy()
    const second = start()
    await second.until('leading')
    expect(performance.now() - began).toBeLessThan(TAKE_OVER_MAX_MS)
    expect((await ended.error).message).toMatch(/terminat/)
    await untilCaughtUp()
    await expectFresh('leader stopped in a COPY')
  })
})

/** Where a process is when it was stopped there: it leads, and the server waits for the rest of its rows. */
async function stoppedInCopy(): Promise<{ readonly error: Promise<Error> }> {
  const leader = await connect(instance.databaseUrl, { applicationName: 'catena-project-access-index' })
  await leader.query('SELECT pg_advisory_lock($1)', [LEADS.accessIndex])
  await leader.query('BEGIN; CREATE TEMP TABLE stage (x int)')
  const copy = leader.query(copyFrom('COPY stage FROM STDIN'))
  return { error: new Promise((resolve) => copy.on('error', resolve)) }
}

async function blockedFold(): Promise<void> {
  const sql = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'catena-project-access-index' AND wait_event_type = 'Lock'`
  while ((await owner.query(sql)).rowCount === 0) await sleep(20)
}

describe('a rebuild in a process of its own', () => {
  beforeEach(async () => {
    await feed(0, 2)
    const projector = start()
    await untilCaughtUp()
    projector.kill('SIGKILL')
    await projector.ended
  }, 60_000)

  it.each(['load', 'merge', 'compare', 'switch'])(
    'killed at %s leaves the old tables serving, and the next cleans up',
    async (phase) => {
      const first = start(true)
      await first.until(phase)
      first.kill('SIGKILL')
      await first.ended
      await expectFresh(`rebuild killed at ${phase}, the old serve`)
      // The server may need a moment to notice that the process is gone.
      const second = await rebuiltAtLast()
      expect(second.said.at(-1)).toBe('switched')
      expect(await leftovers()).toBe(0)
      await expectFresh('rebuilt after that')
    },
  )

  it('beside a projector at work and a growing ledger ends in what a fresh fold gives (R1.9)', async () => {
    const projector = start()
    await projector.until('leading')
    const rebuilding = start(true)
    await rebuilding.until('load')
    await feed(2, recording.files.length)
    expect(await rebuilding.ended).toBe(0)
    await untilCaughtUp()
    expect(projector.said.filter((line) => line.startsWith('error'))).toEqual([])
    await expectFresh('rebuilt under load')
  })

  it('does not wait for an idle transaction elsewhere', async () => {
    const other = await connect(database.databaseUrl, { applicationName: 'spec' })
    await other.query(
      'BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM event; CREATE TABLE elsewhere (x int)',
    )
    const rebuilding = start(true)
    expect(await rebuilding.ended).toBe(0)
    await other.query('ROLLBACK')
    await other.end()
    await expectFresh('idle transaction elsewhere')
  })
})

async function rebuiltAtLast(): Promise<ProjectorProcess> {
  for (;;) {
    const rebuilding = start(true)
    if ((await rebuilding.ended) === 0) return rebuilding
    await sleep(200)
  }
}

async function leftovers(): Promise<number> {
  return (await owner.query(`SELECT FROM pg_namespace WHERE nspname ~ '^access_index_'`)).rowCount ?? 0
}
