import { PostgresLedger } from '@catena/ledger'
import { createPool, prepareRoles, transaction } from '@catena/platform'
import { startTestPostgres, type TestPostgres } from '@catena/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import type { FeedDraft } from './event.js'
import { appendToFeed } from './feed-table.js'
import { verifyFeed } from './verify-feed.js'

let database: TestPostgres
let ledger: PostgresLedger
let pool: pg.Pool
/** A database administrator who switched the triggers off. */
let superuser: pg.Client

beforeAll(async () => {
  database = await startTestPostgres()
  const { databaseUrl } = await prepareRoles(database.databaseUrl)
  ledger = new PostgresLedger({ databaseUrl })
  pool = createPool(databaseUrl, { applicationName: 'spec' })
  superuser = new pg.Client(database.databaseUrl)
  await superuser.connect()
  await superuser.query('SET session_replication_role = replica')
  await ledger.appendDecisions('noted', 0, Array.from({ length: 4 }, () => ({ type: 'Noted', schemaVersion: 1, occurredAt: 0, actor: 'test', payload: Buffer.from('{}'), subjects: [] }))) // prettier-ignore
}, 60_000)
afterAll(async () => {
  await superuser.end()
  await pool.end()
  await ledger.close()
  await database.stop()
})

const draft = (id: string, summary: string, ...positions: number[]): FeedDraft => ({
  id,
  positions,
  content: { kind: 'sign-in', severity: 1, occurredAt: 0, outcome: 'succeeded', source: 'idp', reference: id, type: 'LOGIN', summary } as never, // prettier-ignore
})

/** Five entries: a twice, b, c, d; what d rests on was erased. */
beforeEach(async () => {
  const client = await pool.connect()
  for (const drafts of [[draft('a', 'one', 1), draft('b', 'two', 2)], [draft('a', 'three', 1, 2), draft('c', 'four', 3), draft('d', 'five', 4)]]) await transaction(client, () => appendToFeed(client, drafts, 0)) // prettier-ignore
  client.release()
})
afterEach(() =>
  superuser.query('TRUNCATE feed_event; UPDATE feed_head SET sequence = 0, bytes_total = 0, position = 0'),
)

const found = async () => (await verifyFeed(pool)).findings

describe('a feed that nobody touched', () => {
  it('R7.1 R8.1 has nothing wrong, erasures included', async () => {
    expect(await verifyFeed(pool)).toEqual({ count: 5, findings: [], findingsCount: 0 })
    await ledger.eraseEvents({ positions: [4], reason: 'request 17', actor: 'person:dpo' })
    await pool.query('SELECT feed_erase($1)', [await ledger.head()])
    const { rows } = await pool.query('SELECT FROM feed_event WHERE content IS NULL')
    expect([rows.length, await found()]).toEqual([1, []])
  })

  it('R8.1 has nothing wrong where it is empty', async () => {
    await superuser.query('TRUNCATE feed_event; UPDATE feed_head SET sequence = 0, bytes_total = 0')
    expect(await verifyFeed(pool)).toEqual({ count: 0, findings: [], findingsCount: 0 })
  })
})

describe('R7.1 R8.1 an edit of the feed in SQL by a superuser is told', () => {
  const of = (sequence: number, what: string) => [`entry ${sequence} of the feed ${what}`]
  it.each([
    ['an edited content', `UPDATE feed_event SET content = replace(encode(content, 'escape'), 'succeeded', 'attempted')::bytea WHERE sequence = 2`, of(2, 'does not have the hash stored with it')],
    ['a content of another length', `UPDATE feed_event SET content = '{}', content_hash = substr(encode(sha256('{}'), 'hex'), 1, 16) WHERE sequence = 2`, of(2, 'does not count its bytes on from the one before')],
    ['a hidden content', 'UPDATE feed_event SET content = NULL WHERE sequence = 2', of(2, 'has lost its content, and no tombstone names what it rests on')],
    ['a deleted entry', 'DELETE FROM feed_event WHERE sequence = 2', of(2, 'is not there')],
    ['a deleted first revision', 'DELETE FROM feed_event WHERE sequence = 1', [...of(1, 'is not there'), ...of(3, 'has no revision before it')]],
    ['a deleted tail', 'DELETE FROM feed_event WHERE sequence > 3', ['entries 4 to 5 of the feed are not there']],
    ['all deleted', 'TRUNCATE feed_event', ['entries 1 to 5 of the feed are not there']],
    ['a head set back', `UPDATE feed_head SET sequence = 4`, of(5, 'stands behind its end')],
    ['an entry that rests on nothing', `UPDATE feed_event SET positions = '{9000}' WHERE sequence = 2`, [expect.stringMatching(/^entry 2 of the feed rests on position 9000, and the ledger ends at \d+$/)]],
    ['a derivation ahead of the ledger', 'UPDATE feed_head SET position = 9000', [expect.stringMatching(/^the feed was derived up to position 9000, and the ledger ends at \d+$/)]],
  ] as const)('%s', async (_, sql, expected) => {
    await superuser.query(sql)
    expect(await found()).toEqual(expected)
  }) // prettier-ignore
})
