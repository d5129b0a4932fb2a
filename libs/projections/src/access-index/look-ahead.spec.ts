import type { AsOf } from '@catena/access-chain'
import { createPool } from '@catena/platform'
import { startTestPostgres, type TestPostgres } from '@catena/testing'
import type { Key, Verb } from '@catena/domain'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type pg from 'pg'
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

  function indexNow(asOf: AsOf = { position }): PostgresFactIndex {
    const ledger = { readAt: () => Promise.resolve([]) }
    const connectorFor = () => {
      throw new Error('no record is interpreted here')
    }
    return new PostgresFactIndex(pool, ledger, { sources: [], connectorFor }, asOf)
  }

  async function sentBy(work: () => Promise<unknown>): Promise<pg.QueryConfig[]> {
    const query = pool.query.bind(pool) as (...asked: unknown[]) => Promise<unknown>
    const sent: pg.QueryConfig[] = []
    const noted = (...asked: unknown[]): Promise<unknown> => {
      sent.push(asked[0] as pg.QueryConfig)
      return query(...asked)
    }
    pool.query = noted as typeof pool.query
    await work().finally(() => (pool.query = query as typeof pool.query))
    return sent
  }

  /** How many facts carry the key, and how many statements it took to know. */
  async function found(key: Key, verb: Verb): Promise<{ facts: number; statements: number }> {
    const index = indexNow()
    await listFactsAhead(pool, index, { credential: CREDENTIAL }, { limit: 50 })
    let facts = 0
    const sent = await sentBy(async () => (facts = (await index.factsBy([{ key }], verb)).get(key)?.length ?? 0))
    return { facts, statements: sent.length }
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

  it.each([0, 1, 4])('R1.9 brings all %i that ended its token', async (ending) => {
    await record('login', [['establishes', TOKEN]])
    await record('read', [['presents', TOKEN]], CREDENTIAL)
    for (let end = 0; end < ending; end++) await record(`end ${end}`, [['ends', TOKEN]])
    expect(await found(TOKEN, 'ends')).toEqual({ facts: ending, statements: 0 })
    for (let end = ending; end < 7; end++) await record(`end ${end}`, [['ends', TOKEN]])
    expect(await found(TOKEN, 'ends')).toEqual({ facts: 7, statements: 1 })
  })

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

  it('R1.9 tells of it what a narrower question asks for, and nothing of what was observed again since', async () => {
    await record('login', [['establishes', TOKEN], ['presents', RUN]]) // prettier-ignore
    await record('read', [['presents', TOKEN]], CREDENTIAL)
    const toldAt = async (asOf: AsOf, sources?: readonly string[]) => {
      const index = indexNow(asOf)
      await listFactsAhead(pool, index, { credential: CREDENTIAL }, { limit: 50 })
      return index.told({ key: TOKEN, sources }, 'establishes')?.map(({ factId }) => factId)
    }
    expect(await toldAt({ position })).toEqual(['login'])
    expect(await toldAt({ position }, ['vault'])).toEqual(['login'])
    expect(await toldAt({ position }, ['keycloak'])).toEqual([])
    expect(await toldAt({ position, validAt: 0 })).toBeUndefined()
    await pool.query('UPDATE access_fact SET last_position = 9 WHERE fact_id = $1', ['login'])
    expect(await toldAt({ position })).toBeUndefined()
    expect(await toldAt({ position: 9 })).toEqual(['login'])
  })

  it('R1.9 reads of a key that thousands presented the first few, whatever the planner believes of it', async () => {
    await record('login', [['establishes', TOKEN], ['presents', RUN]]) // prettier-ignore
    await record('read', [['presents', TOKEN]], CREDENTIAL)
    const others = `INSERT INTO access_key (key, verb, fact, at_us, first_position, federated)
      SELECT CASE WHEN n % 2 = 0 THEN $1::uuid ELSE md5((n % 3000)::text)::uuid END, $2, md5('fact' || n)::uuid, n, 9 + n, true
      FROM generate_series(1, 40000) n ORDER BY md5('order' || n)`
    for (const verb of ['presents', 'binds'] as const) await pool.query(others, [uuidOf(RUN), verbNumber(verb)])
    position = 50_000
    await pool.query('ANALYZE access_key')
    const index = indexNow()
    const page = await sentBy(() => listFactsAhead(pool, index, { credential: CREDENTIAL }, { limit: 50 }))
    const first = await sentBy(() => indexNow().factsBy([{ key: RUN, first: 3 }], 'presents'))
    expect([page, first].map((sent) => sent.length)).toEqual([1, 1])
    for (const sent of [...page, ...first]) expect(await keysRead(sent)).toBeLessThan(50)
  })

  /** As whoever has asked it a few times: planned once for all that may be asked. */
  async function keysRead({ text, values }: pg.QueryConfig): Promise<number> {
    const client = await pool.connect()
    try {
      await client.query('SET plan_cache_mode = force_generic_plan')
      const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>({ name: 'explained', text: `EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, values }) // prettier-ignore
      return rows.reduce((sum, row) => sum + readBy(row['QUERY PLAN'][0].Plan), 0)
    } finally {
      client.release(true)
    }
  }
})

interface PlanNode {
  readonly 'Relation Name'?: string
  readonly 'Index Name'?: string
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly 'Rows Removed by Filter'?: number
  readonly Plans?: readonly PlanNode[]
}

/** Rows of keys that a plan went through. */
function readBy(node: PlanNode): number {
  const isOfKeys = node['Relation Name'] === 'access_key' || node['Index Name']?.startsWith('access_key') === true
  const rows = (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops']
  return (isOfKeys ? rows : 0) + (node.Plans ?? []).reduce((sum, inner) => sum + readBy(inner), 0)
}
