import type { AsOf, Coverage } from '@catena/access-chain'
import type { Instant } from '@catena/domain'
import type pg from 'pg'
import { validUs } from './credentials.js'
import { betweenRowsSql } from './in-order.js'
import { datedBySql, knownAtSql } from './known-at.js'
import { MAX_US, MIN_US } from './rows.js'

/**
 * When each source was first and last heard of, in the order given; undefined where it was not. Of a cut long ago that may take long: sources that cannot be
 * told together in time are told one by one.
 */
export async function readCoverages(
  pool: pg.Pool,
  asOf: AsOf,
  sources: readonly string[],
): Promise<(Coverage | undefined)[]> {
  try {
    return await coveragesOf(pool, asOf, sources)
  } catch (error) {
    if (sources.length === 1) throw error
    return (await Promise.all(sources.map((source) => coveragesOf(pool, asOf, [source])))).flat()
  }
}

async function coveragesOf(pool: pg.Pool, asOf: AsOf, sources: readonly string[]): Promise<(Coverage | undefined)[]> {
  const { rows } = await pool.query<Row>({ ...COVERAGES, values: [sources, asOf.position, validUs(asOf)] })
  return rows.map(coverageIn)
}

/** Times in µs, as PostgreSQL writes them. */
interface Row {
  readonly from_us: string | null
  readonly to_us: string | null
}

function coverageIn({ from_us, to_us }: Row): Coverage | undefined {
  return from_us === null || to_us === null ? undefined : { from: Number(from_us) / 1000, to: Number(to_us) / 1000 }
}

/** Times that the two tables tell of a fact: when a source was heard of, by `heardAt` of its first record, which is mostly when it happened; or when it happened. */
interface Times {
  readonly served: string
  readonly told: string
}

const HEARD: Times = { served: 'coalesce(heard_us, occurred_us)', told: 'heard_us' }
const OCCURRED: Times = { served: 'occurred_us', told: 'occurred_us' }

/**
 * First or last of the times of a source. The equality speaks for the index of these times: planned while the table is empty, as a connection's statements of
 * a new installation are, rows between two others look like so many that all of a source are read and sorted by the index of another time.
 */
function endSql(times: Times, order: 'ASC' | 'DESC', until: string): string {
  const end = (table: string, us: string, isKnown: string): string => `(SELECT ${us} FROM ${table} r
    WHERE source = asked.source AND ${betweenRowsSql(['source', us], ['asked.source', MIN_US], ['asked.source', until])}
      AND ${isKnown} AND NOT snapshot
    ORDER BY source ${order}, ${us} ${order} LIMIT 1)`
  const ends = [
    end('access_fact', times.served, datedBySql('r', '$2')),
    end('access_told', times.told, knownAtSql('r', '$2')),
  ]
  return `SELECT ${order === 'ASC' ? 'least' : 'greatest'}(${ends.join(', ')})`
}

const COVERAGES = {
  name: 'access-coverages',
  text: `SELECT (${endSql(HEARD, 'ASC', '$3::bigint')}) AS from_us, (${endSql(HEARD, 'DESC', '$3::bigint')}) AS to_us
    FROM unnest($1::text[]) WITH ORDINALITY AS asked (source, number) ORDER BY number`,
}

/** The latest time that a record of any of these sources bears, be it dated ahead; undefined where there are none. */
export async function readNewestTold(
  pool: pg.Pool,
  position: number,
  sources: readonly string[],
): Promise<Instant | undefined> {
  const { rows } = await pool.query<{ told_us: string | null }>({ ...NEWEST_TOLD, values: [sources, position] })
  const told = rows[0]?.told_us ?? null
  return told === null ? undefined : Number(told) / 1000
}

const NEWEST_TOLD = {
  name: 'access-newest-told',
  text: `SELECT max((${endSql(OCCURRED, 'DESC', MAX_US)})) AS told_us FROM unnest($1::text[]) AS asked (source)`,
}
