import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { createPool, prepareRoles } from '@catena/platform'
import { emptyLedger, startTestPostgres, type TestPostgres } from '@catena/testing'
import { Tombstones } from '../erase/tombstones.js'
import { batch, decision, quarantined, record, records } from '../ledger-samples.js'
import { PostgresLedger } from '../postgres-ledger.js'
import { verifyLedger, type Verification, type VerifyOptions } from './verify-ledger.js'

let database: TestPostgres
let ledger: PostgresLedger
let access: string
/** A database administrator who switched the triggers off. */
let superuser: pg.Client

beforeAll(async () => {
  database = await startTestPostgres()
  access = (await prepareRoles(database.databaseUrl)).databaseUrl
  superuser = new pg.Client(database.databaseUrl)
  await superuser.connect()
  await superuser.query('SET session_replication_role = replica')
}, 60_000)

afterAll(async () => {
  await superuser.end()
  await database.stop()
})

/** Positions 1–40 records, 41–43 decisions of two streams, 44 the tombstone of 7, 45–50 records, 51 one released from quarantine. */
beforeEach(async () => {
  ledger = new PostgresLedger({ databaseUrl: access })
  const lane = 'kafka:c/t/0'
  await ledger.append({
    ...batch([...records(0, 40), ...records(0, 3)], [quarantined('p')]),
    advance: { lane, expected: undefined, first: 5n, next: 51n, holes: 2 },
  })
  await ledger.appendDecisions('item-1', 0, [decision('Opened'), decision('Decided')])
  await ledger.appendDecisions('item-2', 0, [decision('Opened')])
  await ledger.eraseEvents({ positions: [7], reason: 'request 17', actor: 'person:dpo' })
  await ledger.append(batch(records(40, 46)))
  const [entry] = await ledger.quarantineEntries({ limit: 1 })
  const attempt = { entry: entry!.id, source: 'vault-prod', actor: 'person:op' }
  await ledger.recordReleases([{ ...attempt, outcome: 'unreadable', reason: 'no JSON object' }])
  await ledger.recordReleases([{ ...attempt, record: record('released') }])
})

afterEach(async () => {
  await ledger.close()
  await emptyLedger(database.databaseUrl)
})

const verified = (options: VerifyOptions = {}): Promise<Verification> => verifyLedger(access, options)

async function found(options: VerifyOptions = {}): Promise<(string | number)[][]> {
  const { findings } = await verified(options)
  return findings.map(({ kind, position, last }) => [kind, position ?? 0, ...(last === undefined ? [] : [last])])
}

describe('a sound ledger', () => {
  it('has no findings, erasures and repetitions included (R7.1, R7.3)', async () => {
    const progress: number[] = []
    const verification = await verified({ onProgress: ({ position }) => progress.push(position) })
    expect(verification).toEqual({
      from: 1, to: 51, events: 51, erased: 1, detached: 0, findings: [], findingsCount: 0,
    }) // prettier-ignore
    expect(progress).toEqual([51])
    expect(await found({ from: 10, to: 20, keys: 'sampled' })).toEqual([])
  })

  it('has none when an event was erased after its verification began (R7.3)', async () => {
    const pool = createPool(access, { applicationName: 'spec' })
    const tombstones = new Tombstones(pool)
    expect(await tombstones.unnamed([7, 9])).toEqual([9])
    await ledger.eraseEvents({ positions: [9], reason: 'request 18', actor: 'person:dpo' })
    expect(await tombstones.unnamed([7, 9])).toEqual([])
    await pool.end()
  })

  it('has none while others append and erase', async () => {
    await ledger.append(batch(records(1_000, 9_000)))
    const appending = Array.from({ length: 30 }, async (_, turn) => {
      await ledger.append(batch(records(10_000 + turn * 50, 10_050 + turn * 50)))
      await ledger.eraseEvents({ positions: [8000 + turn], reason: 'test', actor: 'person:dpo' })
    })
    const runs = await Promise.all([verified(), verified(), verified()])
    await Promise.all(appending)
    expect(runs.map(({ findings }) => findings)).toEqual([[], [], []])
  })
})

describe('an edit in SQL by a superuser is named by position (R7.1)', () => {
  it.each([
    ['an edited payload', `UPDATE event SET payload = '{}' WHERE position = 12`, [['payload-altered', 12]]],
    ['an edited salt', `UPDATE event SET salt = salt || '\\x00' WHERE position = 12`, [['payload-altered', 12]]],
    ['an edited actor', `UPDATE event SET actor = 'person:9' WHERE position = 42`, [['envelope-altered', 42]]],
    ['an edited time', `UPDATE event SET occurred_at = occurred_at + interval '1 microsecond' WHERE position = 3`, [['envelope-altered', 3]]],
    ['an edited subject', `UPDATE event SET subjects = ARRAY['\\x00'::bytea] WHERE position = 3`, [['envelope-altered', 3]]],
    ['an edited hash', `UPDATE event SET payload_hash = sha256('x') WHERE position = 5`, [['payload-altered', 5], ['envelope-altered', 5]]],
    ['a payload erased without a tombstone', `UPDATE event SET payload = NULL, salt = NULL WHERE position = 9`, [['payload-missing', 9]]],
    ['a deleted decision', `DELETE FROM event WHERE position = 41`, [['event-missing', 41, 41], ['stream-version-wrong', 42]]],
    ['a deleted last decision', `DELETE FROM event WHERE position = 42`, [['event-missing', 42, 42], ['stream-head-wrong', 0]]],
    ['a deleted record', `DELETE FROM event WHERE position = 20`, [['event-missing', 20, 20], ['source-key-astray', 20], ['intake-unbalanced', 0]]],
    ['a deleted record with its key', `DELETE FROM event WHERE position = 20; DELETE FROM source_key WHERE position = 20`, [['event-missing', 20, 20], ['intake-unbalanced', 0]]],
    ['a deleted tail', `DELETE FROM event WHERE position > 48`, [['event-missing', 49, 51], ['source-key-astray', 49], ['source-key-astray', 50], ['source-key-astray', 51], ['intake-unbalanced', 0]]],
    ['a deleted tail with its head and keys', `DELETE FROM event WHERE position > 48; DELETE FROM source_key WHERE position > 48; UPDATE ledger_head SET position = 48`, [['release-wrong', 51], ['intake-unbalanced', 0]]],
    ['a record put behind the head', `UPDATE ledger_head SET position = 50`, [['event-beyond-head', 51, 51], ['intake-unbalanced', 0]]],
    ['a deleted key', `DELETE FROM source_key WHERE position = 30`, [['source-key-missing', 30]]],
    ['an edited key', `UPDATE source_key SET position = 31 WHERE position = 30`, [['source-key-missing', 30], ['source-key-astray', 31]]],
    ['an edited head of a stream', `UPDATE stream_head SET version = 3 WHERE stream = 'item-1'`, [['stream-head-wrong', 0]]],
    ['a counter set back', `UPDATE intake SET read = read - 1, duplicates = duplicates - 1 WHERE lane LIKE 'kafka:%'`, [['lane-unbalanced', 0]]],
    ['a released record deleted', `DELETE FROM event WHERE position = 51; DELETE FROM source_key WHERE position = 51; UPDATE ledger_head SET position = 50`, [['release-wrong', 51], ['intake-unbalanced', 0]]],
    ['a deleted release', `DELETE FROM quarantine_release`, [['intake-unbalanced', 0]]],
    ['a release that leads elsewhere', `UPDATE quarantine_release SET position = 3 WHERE position = 51`, [['release-wrong', 3]]],
    ['a deleted quarantine entry', `DELETE FROM quarantine`, [['release-wrong', 0], ['release-wrong', 51], ['intake-unbalanced', 0]]],
    ['a lane moved', `UPDATE lane SET next = next + 1`, [['lane-unbalanced', 0]]],
  ] as const)('%s', async (_, sql, expected) => {
    await superuser.query(sql)
    expect(await found()).toEqual(expected)
  }) // prettier-ignore

  it('two records that changed places', async () => {
    await superuser.query(`
      UPDATE event SET position = -1 * position + 27 + 1000 WHERE position IN (13, 14);
      UPDATE event SET position = position - 1000 WHERE position > 1000`)
    const kinds = new Map((await found()).map(([kind, position]) => [`${kind} ${position}`, true]))
    for (const position of [13, 14])
      for (const kind of ['envelope-altered', 'source-key-missing', 'source-key-astray'])
        expect(kinds.has(`${kind} ${position}`)).toBe(true)
  })

  it('two records that changed contents, hashes included', async () => {
    await superuser.query(`
      UPDATE event AS one SET payload = other.payload, salt = other.salt, payload_hash = other.payload_hash
      FROM event AS other WHERE one.position IN (13, 14) AND other.position = 27 - one.position`)
    expect(await found({ from: 10, to: 20 })).toEqual([['envelope-altered', 13], ['envelope-altered', 14]]) // prettier-ignore
  })

  it('of many, all are counted and the first thousand listed', async () => {
    await ledger.append(batch(records(1_000, 6_000)))
    await superuser.query(`UPDATE event SET payload = '{}' WHERE position > 100`)
    const { findings, findingsCount } = await verified()
    expect([findings.length, findingsCount, findings[0]!.position]).toEqual([1_000, 4_951, 101])
  })
})
