import type { AsOf, Coverage } from '@catena/access-chain'
import type pg from 'pg'
import { validUs } from './credentials.js'
import { betweenRowsSql } from './in-order.js'
import { MIN_US } from './rows.js'

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
  const { rows } = await pool.query<{ from_us: string | null; to_us: string | null }>({
    ...COVERAGES,
    values: [sources, asOf.position, validUs(asOf)],
  })
  return rows.map(({ from_us, to_us }) =>
    from_us === null || to_us === null ? undefined : { from: Number(from_us) / 1000, to: Number(to_us) / 1000 },
  )
}

/** First or last time of a source. */
function endSql(order: 'ASC' | 'DESC'): string {
  const within = betweenRowsSql(['source', 'occurred_us'], ['asked.source', MIN_US], ['asked.source', '$3::bigint'])
  return `SELECT occurred_us FROM access_fact WHERE ${within} AND first_position <= $2 AND NOT snapshot
    ORDER BY source ${order}, occurred_us ${order} LIMIT 1`
}

const COVERAGES = {
  name: 'access-coverages',
  text: `SELECT (${endSql('ASC')}) AS from_us, (${endSql('DESC')}) AS to_us
    FROM unnest($1::text[]) WITH ORDINALITY AS asked (source, number) ORDER BY number`,
}
