import { connectorFor } from '@catena/connectors'
import { deriveIntakeKeys } from '@catena/ingest'
import { PostgresLedger } from '@catena/ledger'
import { connect, prepareRoles } from '@catena/platform'
import {
  ACCESS_INDEX_JSON,
  LayoutChanged,
  RebuildDiffers,
  RebuildNeedsArchives,
  RebuildUnderWay,
  stateHash,
  type RebuildPhase,
  type StateHash,
} from '@catena/projections'
import { feedRecording, openRecording, startTestPostgres, type TestPostgres } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type pg from 'pg'
import { accessIndexRunner, rebuildAccessIndex, verifyReadModel, type AccessIndexSource } from './access.js'

let postgres: TestPostgres
let owner: pg.Client
let instance: AccessIndexSource & { readonly ownerUrl: string; readonly ledger: PostgresLedger }
let head: number

/** Some requests came before their mount was renamed. */
const renaming: typeof connectorFor = (kind) => ({
  ...connectorFor(kind),
  interpret: (record, source) => {
    const activity = connectorFor(kind).interpret(record, source)
    const { target, factId } = activity
    if (target?.containerName === undefined || !/[0-7]$/.test(factId)) return activity
    return { ...activity, target: { ...target, containerName: `before/${target.containerName}` } }
  },
})

beforeAll(async () => {
  postgres = await startTestPostgres()
  const { databaseUrl } = await prepareRoles(postgres.databaseUrl)
  owner = await connect(postgres.databaseUrl, { applicationName: 'spec' })
  // With both audit devices, of which either tells some requests first, and earlier.
  const recording = await openRecording()
  const ledger = new PostgresLedger({ databaseUrl })
  instance = {
    databaseUrl,
    ownerUrl: postgres.databaseUrl,
    ledger,
    interpretation: { sources: recording.sources, connectorFor: renaming },
  }
  await feedRecording(recording, ledger, deriveIntakeKeys(Buffer.alloc(32, 7)))
  head = await ledger.head()
  await foldLive()
}, 120_000)

afterAll(async () => {
  await owner.end()
  await instance.ledger.close()
  await postgres.stop()
})

async function foldLive(): Promise<void> {
  const runner = accessIndexRunner(instance, (error) => {
    throw error
  })
  runner.start()
  await runner.caughtUp(head)
  await runner.stop()
}

function serving(): Promise<StateHash> {
  return stateHash(owner, 'access_index', ACCESS_INDEX_JSON)
}

async function indexes(): Promise<unknown[]> {
  const sql = `SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'access_index' ORDER BY 2`
  return (await owner.query<{ indexdef: string }>(sql)).rows
}

describe('a rebuild of the version that serves', () => {
  it.each([
    { lanes: 2, batchEvents: 8_000, rangePositions: 65_536 },
    { lanes: 2, batchEvents: 97, rangePositions: 500 },
    { lanes: 1, batchEvents: 1_000, rangePositions: 1_300 },
  ])('comes out equal to folding in order, with $lanes lanes and batches of $batchEvents (R1.9)', async (sizes) => {
    const [before, definitions] = [await serving(), await indexes()]
    const rebuilt = await rebuildAccessIndex(instance, { sizes })
    expect(rebuilt.compared).toEqual({ equal: true, serving: before })
    expect(rebuilt.position).toBe(head)
    expect(await serving()).toEqual(before)
    expect(before.tables.map(({ rows }) => rows > 0)).toEqual(Array.from({ length: 9 }, () => true))
    expect(await indexes()).toEqual(definitions)
  })
})

/** Runs something once, in the middle of a rebuild, and waits for it. */
function rebuildWith(phase: RebuildPhase, then: () => Promise<unknown>, options: { acceptDifference?: boolean } = {}) {
  let begun: Promise<unknown> | undefined
  const onProgress = (progress: { phase: RebuildPhase }): void => {
    if (progress.phase === phase) begun ??= then()
  }
  return rebuildAccessIndex(instance, { ...options, onProgress }).finally(() => begun)
}

async function leftovers(): Promise<number> {
  const { rowCount } = await owner.query(`SELECT FROM pg_namespace WHERE nspname ~ '^access_index_'`)
  return rowCount ?? 0
}

async function firstFact(): Promise<{ fact: string; fact_id: string }> {
  const { rows } = await owner.query<{ fact: string; fact_id: string }>(
    `SELECT fact, fact_id FROM access_fact WHERE jsonb_array_length(convert_from(body, 'UTF8')::jsonb -> 'positions') > 1 ORDER BY fact LIMIT 1`,
  )
  return rows[0]!
}

describe('a rebuild that comes out different', () => {
  it('is refused with the tables named, leaves nothing behind, and is switched where that is accepted (R1.9)', async () => {
    const right = await serving()
    await owner.query(`UPDATE access_key SET at_us = at_us + 1 WHERE fact = $1`, [(await firstFact()).fact])
    const wrong = await serving()
    const refused = rebuildAccessIndex(instance)
    await expect(refused).rejects.toThrow(RebuildDiffers)
    await expect(refused).rejects.toThrow(/at position \d+: access_key \(\d+ rows, rebuilt \d+\)/)
    expect([await serving(), await leftovers()]).toEqual([wrong, 0])
    const accepted = await rebuildAccessIndex(instance, { acceptDifference: true })
    expect(accepted.compared).toEqual({ equal: false, serving: wrong })
    expect([await serving(), await leftovers()]).toEqual([right, 0])
  })
})

describe('a rebuild that cannot be', () => {
  it('is refused with the files to attach, while records stand in archives (R1.9)', async () => {
    const before = await serving()
    await owner.query(`INSERT INTO event_archive VALUES (1, 50, 'events-1-50.pgcopy.gz', '', now())`)
    await expect(rebuildAccessIndex(instance)).rejects.toThrow('attach events-1-50.pgcopy.gz (events 1 to 50)')
    await expect(rebuildAccessIndex(instance)).rejects.toThrow(RebuildNeedsArchives)
    await owner.query('DELETE FROM event_archive')
    expect([await serving(), await leftovers()]).toEqual([before, 0])
  })

  it('is refused while another is at work, and says so', async () => {
    let second: unknown
    await rebuildWith('load', async () => {
      second = await rebuildAccessIndex(instance).catch((error: unknown) => error)
    })
    expect(second).toBeInstanceOf(RebuildUnderWay)
    expect(await leftovers()).toBe(0)
  })

  it('is refused where the tables that serve were migrated meanwhile', async () => {
    const meddle = (): Promise<unknown> => owner.query('ALTER TABLE access_name ADD COLUMN later INTEGER')
    await expect(rebuildWith('load', meddle)).rejects.toThrow(LayoutChanged)
    await owner.query('ALTER TABLE access_name DROP COLUMN later')
    await rebuildAccessIndex(instance)
  })

  it('leaves the old tables serving when it is interrupted', async () => {
    const before = await serving()
    const stop = new AbortController()
    const onProgress = (): void => stop.abort()
    await expect(rebuildAccessIndex(instance, { signal: stop.signal, onProgress })).rejects.toThrow(/abort/)
    expect([await serving(), await leftovers()]).toEqual([before, 0])
  })

  it.each(['load', 'index', 'compare', 'switch'] as const)(
    'leaves the old tables serving where the database ends its sessions (%s), and the next one completes',
    async (phase) => {
      const before = await serving()
      const end = (): Promise<unknown> => owner.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'catena-rebuild'`) // prettier-ignore
      await expect(rebuildWith(phase, end)).rejects.toThrow(/terminat|not queryable/)
      expect(await serving()).toEqual(before)
      await rebuildAccessIndex(instance)
      expect([await serving(), await leftovers()]).toEqual([before, 0])
    },
  )

  it('ends soon after it is interrupted, however much of the ledger is not read yet', async () => {
    const stop = new AbortController()
    const loaded: number[] = []
    const onProgress = ({ done }: { done: number }): void => {
      loaded.push(done)
      stop.abort()
    }
    const sizes = { lanes: 2, batchEvents: 97, rangePositions: 500 }
    await expect(rebuildAccessIndex(instance, { signal: stop.signal, onProgress, sizes })).rejects.toThrow(/abort/)
    // What each lane had under way is written.
    expect(loaded.at(-1)).toBeLessThanOrEqual(3 * sizes.batchEvents)
    expect(await leftovers()).toBe(0)
  })
})

describe('readers during a switch', () => {
  it('one that read the old tables in its transaction goes on reading them to its end, and the switch waits', async () => {
    const reader = await connect(instance.databaseUrl, { applicationName: 'spec' })
    await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM access_standing')
    const oid = `SELECT 'access_fact'::regclass::oid AS oid`
    const before = (await owner.query<{ oid: number }>(oid)).rows
    let tries = 0
    let during: unknown
    const onProgress = ({ phase }: { phase: RebuildPhase }): void => {
      if (phase === 'switch' && ++tries === 2) during = reader.query(oid).finally(() => reader.query('COMMIT'))
    }
    await rebuildAccessIndex(instance, { onProgress })
    expect(((await during) as pg.QueryResult).rows).toEqual(before)
    expect((await owner.query(oid)).rows).not.toEqual(before)
    await reader.end()
  })

  it('one whose snapshot is older than the new tables finds no checkpoint in them: nothing is known, and never half', async () => {
    const reader = await connect(instance.databaseUrl, { applicationName: 'spec' })
    await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT position FROM ledger_head')
    await rebuildAccessIndex(instance)
    expect((await reader.query('SELECT position FROM projection')).rows).toEqual([])
    await reader.query('COMMIT')
    expect((await reader.query('SELECT position FROM projection')).rows).toEqual([{ position: String(head) }])
    await reader.end()
  })

  it('prepared statements of open connections answer from the new tables', async () => {
    const reader = await connect(instance.databaseUrl, { applicationName: 'spec' })
    const ask = { name: 'ask', text: 'SELECT count(*)::int AS facts, min(tableoid)::bigint AS of FROM access_fact' }
    const [before] = (await reader.query<{ facts: number; of: string }>(ask)).rows
    await rebuildAccessIndex(instance)
    const [after] = (await reader.query<{ facts: number; of: string }>(ask)).rows
    expect(after?.facts).toBe(before?.facts)
    expect(after?.of).not.toBe(before?.of)
    await reader.end()
  })
})

describe('the application role after a rebuild', () => {
  it('may keep the rows of the new tables, and may not drop or make any (R7.1)', async () => {
    const app = await connect(instance.databaseUrl, { applicationName: 'spec' })
    await app.query('BEGIN; UPDATE access_fact SET kind = kind; DELETE FROM projection; ROLLBACK')
    for (const sql of [
      'DROP TABLE access_fact',
      'DROP SCHEMA access_index CASCADE',
      'ALTER SCHEMA access_index RENAME TO mine',
      'CREATE TABLE access_index.mine (x int)',
    ])
      await expect(app.query(sql)).rejects.toThrow(/must be owner|permission denied/)
    await app.end()
  })
})

describe('a version that is not the one that serves', () => {
  it('is built beside it by the projector, which then goes on from there (R1.9)', async () => {
    const right = await serving()
    await owner.query(`UPDATE projection SET version = 'older', position = position - 100`)
    await owner.query('DELETE FROM access_key')
    const errors: unknown[] = []
    const runner = accessIndexRunner(instance, (error) => errors.push(error))
    runner.start()
    await runner.caughtUp(head)
    await runner.stop()
    expect(errors).toEqual([])
    expect([await serving(), await leftovers()]).toEqual([right, 0])
  })

  it('serves on while archives are missing, and the projector says which (R1.9)', async () => {
    const mine = (await owner.query<{ version: string }>('SELECT version FROM projection')).rows[0]!.version
    await owner.query(`UPDATE projection SET version = 'older'`)
    await owner.query(`INSERT INTO event_archive VALUES (1, 50, 'events-1-50.pgcopy.gz', '', now())`)
    const before = await serving()
    const told = await new Promise<unknown>((resolve) => {
      const runner = accessIndexRunner(
        instance,
        (error) => void runner.stop().then(() => resolve([error, runner.state])),
      )
      runner.start()
    })
    expect(told).toMatchObject([
      { name: 'RebuildNeedsArchives' },
      { status: 'aside', reason: expect.stringContaining('events-1-50') },
    ])
    expect(await serving()).toEqual(before)
    await owner.query('DELETE FROM event_archive')
    await owner.query('UPDATE projection SET version = $1', [mine])
  })

  it('is left alone by a projector that worked on another before: two do not undo each other', async () => {
    const errors: Error[] = []
    const runner = accessIndexRunner(instance, (error) => errors.push(error as Error))
    runner.start()
    await runner.caughtUp(head)
    const mine = (await owner.query<{ version: string }>('SELECT version FROM projection')).rows[0]!.version
    await owner.query(`UPDATE projection SET version = 'newer'`)
    while (runner.state.status !== 'aside') await new Promise((resolve) => setTimeout(resolve, 50))
    await runner.stop()
    expect(errors.map(({ name }) => name)).toEqual(['ProjectionTakenOver'])
    expect((await owner.query('SELECT version FROM projection')).rows).toEqual([{ version: 'newer' }])
    await owner.query('UPDATE projection SET version = $1', [mine])
  })
})

describe('verification of the access index', () => {
  it('finds nothing where it is equal to a fresh fold, of all and of a sample (R1.9)', async () => {
    const all = await verifyReadModel(instance, 'all')
    expect(all).toMatchObject({ position: head, differences: [], count: 0 })
    expect(all.state?.fresh).toEqual(await serving())
    expect(await verifyReadModel(instance, 50)).toMatchObject({ differences: [], count: 0 })
    expect((await verifyReadModel(instance, 50)).factsCompared).toBeGreaterThan(50)
  })

  it('names the fact whose row was changed', async () => {
    const { fact, fact_id: factId } = await firstFact()
    await owner.query(`UPDATE access_fact SET outcome = 'failed' WHERE fact = $1`, [fact])
    const expected = { differences: [{ table: 'access_fact', kind: 'different', factId, row: fact }], count: 1 }
    expect(await verifyReadModel(instance, 'all')).toMatchObject(expected)
    // So many draws that every fact is among them: one of a few thousand positions is left out once in a million times a million.
    expect(await verifyReadModel(instance, 60_000)).toMatchObject(expected)
    await rebuildAccessIndex(instance, { acceptDifference: true })
  })

  it('names facts that the index does not hold, and rows that no record tells of', async () => {
    const { fact, fact_id: factId } = await firstFact()
    await owner.query('DELETE FROM access_fact WHERE fact = $1', [fact])
    await owner.query(`INSERT INTO access_standing VALUES ('00000000-0000-0000-0000-000000000000', 'x', 'x', 0, 0, 0)`)
    const { differences } = await verifyReadModel(instance, 'all')
    expect(differences).toEqual([
      { table: 'access_fact', kind: 'missing', factId, row: fact },
      { table: 'access_standing', kind: 'unexpected', factId: undefined, row: '00000000-0000-0000-0000-000000000000' },
    ])
    const sampled = await verifyReadModel(instance, 60_000)
    expect(sampled.differences).toContainEqual({ table: 'access_fact', kind: 'missing', factId, row: fact })
    await rebuildAccessIndex(instance, { acceptDifference: true })
  })
})
