import { createPool } from '@catena/platform'
import { startTestPostgres, type TestPostgres } from '@catena/testing'
import type { Key, Verb } from '@catena/domain'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { dashed, uuidOf } from './identity.js'
import { PostgresFactIndex } from './postgres-fact-index.js'
import { listFactsAhead } from './retrievals.js'
import { verbNumber } from './rows.js'

const CREDENTIAL = '00000000000000000000000000000001'
const TOKEN = 'vault-token:v:t' as Key
const RUN = 'ci-run:github/github.com:1' as Key

describe('a page of a credential', () => {
  let postgres: TestPostgres
  let pool: ReturnType<typeof createPool>
  let position = 0

  beforeAll(async () => {
    postgres = await startTestPostgres()
    pool = createPool(postgres.databaseUrl, { applicationName: 'spec', max: 1 })
  }, 60_000)
  afterAll(async () => {
    await pool.end()
    await postgres.stop()
  }, 30_000)
  beforeEach(async () => {
    await pool.query('DELETE FROM access_fact')
    await pool.query('DELETE FROM access_key')
    position = 0
  })

  async function record(id: string, keys: readonly (readonly [Verb, Key])[], credential?: string): Promise<void> {
    position += 1
    const fact = dashed(uuidOf(id))
    const body = {
      factId: id,
      source: 'vault',
      occurredAt: position,
      attributes: {},
      groups: [],
      positions: [position],
    }
    await pool.query(
      `INSERT INTO access_fact (fact, fact_id, source, kind, outcome, occurred_us, snapshot, retrieval, credential, first_position, last_position, body)
       VALUES ($1, $2, 'vault', 'login', 'succeeded', $3, false, true, $4, $3, $3, convert_to($5, 'UTF8'))`,
      [fact, id, position, credential, JSON.stringify(body)],
    )
    for (const [verb, key] of keys)
      await pool.query('INSERT INTO access_key (key, verb, fact, at_us, first_position) VALUES ($1, $2, $3, $4, $4)', [
        uuidOf(key),
        verbNumber(verb),
        fact,
        position,
      ])
  }

  /** How many facts carry the key, and how many statements it took to know. */
  async function found(key: Key, verb: Verb): Promise<{ facts: number; statements: number }> {
    const ledger = { readAt: () => Promise.resolve([]) }
    const connectorFor = () => {
      throw new Error('no record is interpreted here')
    }
    const index = new PostgresFactIndex(pool, ledger, { sources: [], connectorFor }, { position })
    await listFactsAhead(pool, index, { credential: CREDENTIAL }, { limit: 50 })
    const query = pool.query.bind(pool) as (...asked: unknown[]) => Promise<unknown>
    let statements = 0
    const counted = (...asked: unknown[]): Promise<unknown> => {
      statements += 1
      return query(...asked)
    }
    pool.query = counted as typeof pool.query
    const answer = await index.factsBy([{ key }], verb).finally(() => (pool.query = query as typeof pool.query))
    return { facts: answer.get(key)?.length ?? 0, statements }
  }

  it.each([1, 4])(
    'R1.9 brings who made its token, and all %i that presented what the login did',
    async (presenting) => {
      await record('login', [['establishes', TOKEN], ['presents', RUN]]) // prettier-ignore
      for (let other = 0; other < presenting - 1; other++) await record(`other ${other}`, [['presents', RUN]])
      await record('read', [['presents', TOKEN]], CREDENTIAL)
      expect(await found(TOKEN, 'establishes')).toEqual({ facts: 1, statements: 0 })
      expect(await found(RUN, 'presents')).toEqual({ facts: presenting, statements: 0 })
      expect(await found(TOKEN, 'presents')).toEqual({ facts: 1, statements: 1 })
    },
  )

  it('R1.9 has asked of what many presented, or made, and finds all of them', async () => {
    for (let other = 0; other < 7; other++) await record(`other ${other}`, [['establishes', TOKEN], ['presents', RUN]]) // prettier-ignore
    await record('read', [['presents', TOKEN]], CREDENTIAL)
    expect(await found(TOKEN, 'establishes')).toEqual({ facts: 7, statements: 1 })
    expect(await found(RUN, 'presents')).toEqual({ facts: 7, statements: 1 })
  })

  it('R1.9 brings nothing where it is long', async () => {
    await record('login', [['establishes', TOKEN]])
    for (let read = 0; read < 9; read++) await record(`read ${read}`, [['presents', TOKEN]], CREDENTIAL)
    expect(await found(TOKEN, 'establishes')).toEqual({ facts: 1, statements: 1 })
  })
})
