import { connect, createPool } from '@catena/platform'
import { startTestPostgres, type TestPostgres } from '@catena/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { undashed, uuidOf, type Uuid } from './identity.js'
import { KeyFilter } from './key-filter.js'

const PRESENTS = 2
const ENDS = 3

describe('what no fact carries', () => {
  let postgres: TestPostgres
  let pool: ReturnType<typeof createPool>

  beforeAll(async () => {
    postgres = await startTestPostgres()
    pool = createPool(postgres.databaseUrl, { applicationName: 'spec', max: 2 })
  }, 60_000)
  afterAll(async () => {
    await pool.end()
    await postgres.stop()
  }, 30_000)
  beforeEach(async () => {
    await pool.query('DELETE FROM access_key')
    await pool.query('DELETE FROM projection')
  })

  it('R1.9 is told from what facts carry by another verb, and from what was recorded since', async () => {
    const filter = new KeyFilter(pool)
    await record(pool, 1, 100)
    expect(await filter.follow()).toBe(100)
    expect(asked(filter, 100, range(1, 100), PRESENTS)).toBe(100)
    expect(asked(filter, 100, range(1, 100), ENDS)).toBeLessThan(10)
    expect(asked(filter, 100, range(101, 200), PRESENTS)).toBeLessThan(10)
    await record(pool, 101, 200)
    // What is not followed yet is asked for.
    expect(asked(filter, 200, range(101, 200), PRESENTS)).toBe(100)
    expect(asked(filter, 200, range(1_001, 1_100), PRESENTS)).toBe(100)
    expect(asked(filter, 100, range(101, 200), PRESENTS)).toBeLessThan(10)
    expect(await filter.follow()).toBe(200)
    expect(asked(filter, 200, range(1, 200), PRESENTS)).toBe(200)
    expect(asked(filter, 200, range(1_001, 1_100), PRESENTS)).toBeLessThan(10)
  })

  it('R1.9 is asked for until much that was recorded before is loaded beside', async () => {
    await record(pool, 1, 30_000)
    const filter = new KeyFilter(pool, 0)
    expect(await filter.follow()).toBe(30_000)
    expect(asked(filter, 30_000, range(40_001, 40_100), PRESENTS)).toBe(100)
    while (filter.mayCarry(30_000, keyOf(40_001), PRESENTS) && filter.mayCarry(30_000, keyOf(40_002), PRESENTS))
      await filter.follow()
    expect(asked(filter, 30_000, range(1, 30_000), PRESENTS)).toBe(30_000)
    expect(asked(filter, 30_000, range(40_001, 41_000), PRESENTS)).toBeLessThan(50)
  }, 30_000)

  it('R1.9 stays known where of two answers the older comes last', async () => {
    await record(pool, 1, 100)
    const held: (() => void)[] = []
    let holds = false
    const query = async (...asked: Parameters<typeof pool.query>): Promise<unknown> => {
      const answer: unknown = await (pool.query as (...asked: unknown[]) => Promise<unknown>)(...asked)
      if (holds) await new Promise<void>((resolve) => held.push(resolve))
      return answer
    }
    const filter = new KeyFilter({ query: query as never })
    await filter.follow()
    holds = true
    const older = filter.follow()
    while (held.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    holds = false
    await record(pool, 101, 200)
    await filter.follow()
    held[0]?.()
    expect(await older).toBe(100)
    expect(asked(filter, 200, range(1_001, 1_100), PRESENTS)).toBeLessThan(10)
    expect(asked(filter, 200, range(1, 200), PRESENTS)).toBe(200)
  })

  it('R6.3 is not taken from a load of before, where the index went back meanwhile', async () => {
    await record(pool, 1, 30_000)
    const held: (() => void)[] = []
    const query = async (asked: { readonly name?: string }): Promise<unknown> => {
      const answer: unknown = await (pool.query as (...asked: unknown[]) => Promise<unknown>)(asked)
      if (asked.name === 'access-pairs') await new Promise<void>((resolve) => held.push(resolve))
      return answer
    }
    const next = async (answers: number): Promise<void> => {
      while (held.length < answers) await new Promise((resolve) => setTimeout(resolve, 5))
    }
    const filter = new KeyFilter({ query: query as never }, 0)
    await filter.follow()
    await next(1)
    held[0]?.()
    await next(2)
    await pool.query('UPDATE projection SET position = 10000')
    expect(await filter.follow()).toBe(10_000)
    held[1]?.()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(asked(filter, 10_000, range(1, 100), PRESENTS)).toBe(100)
  }, 30_000)

  it('R6.3 is found out anew where another generation of the index serves', async () => {
    const filter = new KeyFilter(pool)
    await record(pool, 1, 100)
    await filter.follow()
    const owner = await connect(postgres.databaseUrl, { applicationName: 'spec' })
    try {
      await owner.query(`
        ALTER SCHEMA access_index RENAME TO generation_before;
        CREATE SCHEMA access_index;
        CREATE TABLE access_index.projection (LIKE generation_before.projection INCLUDING ALL);
        CREATE TABLE access_index.access_key (LIKE generation_before.access_key INCLUDING ALL);
        SELECT projection_grant_roles('access_index')`)
      // Of the same records this generation tells more.
      await record(pool, 1, 100, 500)
      await filter.follow()
      expect(asked(filter, 100, range(501, 600), PRESENTS)).toBe(100)
      await filter.follow()
      expect(asked(filter, 100, range(501, 600), PRESENTS)).toBe(100)
      expect(asked(filter, 100, range(1, 100), PRESENTS)).toBeLessThan(10)
    } finally {
      await owner.query('DROP SCHEMA access_index CASCADE; ALTER SCHEMA generation_before RENAME TO access_index')
      await owner.end()
    }
  })
})

type Pool = ReturnType<typeof createPool>

/** One key a position. */
async function record(pool: Pool, from: number, to: number, shift = 0): Promise<void> {
  await pool.query(
    `INSERT INTO access_key (key, verb, fact, at_us, first_position)
     SELECT encode(sha256(convert_to('key ' || (n + $3), 'UTF8')), 'hex')::char(32)::uuid, ${PRESENTS}, md5('fact ' || n)::uuid, n, n
     FROM generate_series($1::bigint, $2::bigint) AS n`,
    [from, to, shift],
  )
  await pool.query(
    `INSERT INTO projection (name, version, position) VALUES ('access-index', '1', $1)
     ON CONFLICT (name) DO UPDATE SET position = excluded.position`,
    [to],
  )
  const { rows } = await pool.query<{ key: string }>('SELECT key FROM access_key WHERE first_position = $1', [to])
  if (undashed(rows[0]?.key ?? '') !== keyOf(to + shift))
    throw new Error('the keys of the test are not those it asks for')
}

/** Of these keys, how many have to be asked for. */
function asked(filter: KeyFilter, position: number, keys: readonly number[], verb: number): number {
  return keys.filter((key) => filter.mayCarry(position, keyOf(key), verb)).length
}

function keyOf(number: number): Uuid {
  return uuidOf(`key ${number}`)
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}
