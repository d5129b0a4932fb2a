import { createPool } from '@catena/platform'
import { startTestPostgres, type TestPostgres } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Activity } from '@catena/domain'
import { isListed } from './fact-filter.js'
import { newestOfCredentials } from './of-credentials.js'
import { PostgresFactIndex } from './postgres-fact-index.js'
import { listFacts } from './retrievals.js'

const HOTTEST = '00000000000000000000000000000001'
const CREDENTIALS = 3_000
const OF_HOTTEST = 20_000

/** Every credential is retrieved once, and one of them all the time: five times in each microsecond. */
const FILL = `
  INSERT INTO access_fact (fact, fact_id, source, kind, outcome, occurred_us, snapshot, retrieval, credential, first_position, last_position, body)
  SELECT md5('fact ' || n)::uuid, 'fact-' || n, 'vault', 'secret-read', 'succeeded', n / 5, false, true,
    lpad(to_hex(CASE WHEN n <= ${OF_HOTTEST} THEN 1 ELSE n - ${OF_HOTTEST} END), 32, '0')::uuid, n, n,
    convert_to(json_build_object('factId', 'fact-' || n, 'occurredAt', (n / 5)::float / 1000, 'attributes', json_build_object())::text, 'UTF8')
  FROM generate_series(1, ${OF_HOTTEST + CREDENTIALS}) AS n`

describe('retrievals of a credential, five in each microsecond', () => {
  let postgres: TestPostgres
  let pool: ReturnType<typeof createPool>
  const asOf = { position: OF_HOTTEST + CREDENTIALS }

  beforeAll(async () => {
    postgres = await startTestPostgres()
    pool = createPool(postgres.databaseUrl, { applicationName: 'spec', max: 1 })
    await pool.query(FILL)
    await pool.query('ANALYZE access_fact')
  }, 60_000)
  afterAll(async () => {
    await pool.end()
    await postgres.stop()
  }, 30_000)

  const index = (): PostgresFactIndex => {
    const ledger = { readAt: () => Promise.resolve([]) }
    const connectorFor = () => {
      throw new Error('no record is interpreted here')
    }
    return new PostgresFactIndex(pool, ledger, { sources: [], connectorFor }, asOf)
  }
  const page = (limit: number, after?: readonly string[]): ReturnType<typeof listFacts> =>
    listFacts(pool, index(), { credential: HOTTEST }, { limit, after })

  it('R1.9 are each listed once, newest first, wherever a page ends', async () => {
    const whole = await page(100)
    const places = whole.items.map(({ place }) => place)
    const paged: (readonly string[])[] = []
    while (paged.length < places.length) {
      const { items } = await page(3, paged.at(-1))
      paged.push(...items.map(({ place }) => place))
    }
    expect(paged.slice(0, 100)).toEqual(places)
    const inOrder = [...places].sort(([a = '', x = ''], [b = '', y = '']) => Number(b) - Number(a) || (x < y ? 1 : -1))
    expect(places).toEqual(inOrder)
  })

  it('R1.9 are the same for several credentials at once', async () => {
    const cold = '00000000000000000000000000000002'
    for (const limit of [1, 3, 7, 50]) {
      const [ofHottest, ofCold] = await newestOfCredentials(pool, index(), [HOTTEST, cold], limit)
      expect(ofHottest).toEqual(await page(limit))
      expect(ofCold).toEqual(await listFacts(pool, index(), { credential: cold }, { limit }))
    }
  })

  it('R1.9 are found by their container with a slash at its end or without one, as it is recorded: a mount or a safe', async () => {
    const named = (fact: string, name: string) =>
      pool.query(
        `INSERT INTO access_fact (fact, fact_id, source, kind, outcome, occurred_us, snapshot, retrieval, container_name, first_position, last_position, body)
         VALUES (md5($1)::uuid, $1, 'vault', 'secret-read', 'succeeded', 1, false, true, $2, 1, $3, convert_to($4, 'UTF8'))`,
        [fact, name, asOf.position, JSON.stringify({ factId: fact, kind: 'secret-read', outcome: 'succeeded', occurredAt: 0, attributes: {}, positions: [1], groups: [], target: { system: 's', containerName: name, path: 'p' } })],
      ) // prettier-ignore
    await named('in a mount', 'pay/')
    await named('in a safe', 'Pay-Safe')
    const found = async (container: string) =>
      (await listFacts(pool, index(), { container }, { limit: 9 })).items.map(({ item }) => item.factId)
    expect(await Promise.all(['pay', 'pay/', 'Pay-Safe', 'Pay-Safe/', 'Pay'].map(found))).toEqual([['in a mount'], ['in a mount'], ['in a safe'], ['in a safe'], []]) // prettier-ignore
    const fact = { kind: 'secret-read', outcome: 'succeeded', groups: [], target: { system: 's', containerName: 'Pay-Safe', path: 'p' } } as unknown as Activity // prettier-ignore
    expect(['Pay-Safe', 'Pay-Safe/', 'Pay'].map((container) => isListed(fact, { container }))).toEqual([true, true, false]) // prettier-ignore
  })

  it('R1.9 are read in the order of an index, by a plan that was made for any credential', async () => {
    const plan = await genericPlan(() => page(50))
    expect(plan).toMatch(/Limit [^\n]+\n +-> +Index Scan using access_fact_credential /)
  })

  it('R1.9 are so for several credentials at once, too', async () => {
    const plan = await genericPlan(() => newestOfCredentials(pool, index(), [HOTTEST], 50))
    expect(plan).toMatch(/Limit [^\n]+\n +-> +Index Scan using access_fact_credential /)
  })

  /** Of the one statement that the work sends. */
  async function genericPlan(work: () => Promise<unknown>): Promise<string> {
    const asked: string[] = []
    const query = pool.query.bind(pool) as (asked: { text: string }) => Promise<unknown>
    const noting = (statement: { text: string }): Promise<unknown> => {
      asked.push(statement.text)
      return query(statement)
    }
    pool.query = noting as typeof pool.query
    await work().finally(() => (pool.query = query as typeof pool.query))
    const { rows } = await pool.query<{ 'QUERY PLAN': string }>(`EXPLAIN (GENERIC_PLAN) ${asked.join()}`)
    return rows.map((row) => row['QUERY PLAN']).join('\n')
  }
})
