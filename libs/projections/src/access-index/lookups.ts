import type { Lookup } from '@catena/access-chain'
import type { Verb } from '@catena/domain'
import type pg from 'pg'
import { sourceNumber, uuidOf } from './identity.js'
import { MAX_US, micros, MIN_US, verbNumber } from './rows.js'

export interface AskedLookup extends Lookup {
  readonly verb: Verb
}

/** One fact as its row holds it. */
export interface FactRow {
  readonly fact: string
  readonly body: string
  readonly last_position: string
}

/**
 * The facts that each look-up finds, known up to the position, by one statement; a source's number only narrows. Every step is a look-up by an
 * index, whatever the planner believes about the tables: OFFSET 0 keeps it from turning them round. Sources are asked for one by one, because for
 * a list of them the planner goes by the key alone and reads every row of a key that thousands of others presented. A fact that several find is read
 * once.
 */
const LOOKUPS = `
  WITH wanted AS (
    SELECT number, key, verb, from_us, to_us, sources::int[] AS sources, federated
    FROM unnest($1::uuid[], $2::smallint[], $3::bigint[], $4::bigint[], $5::text[], $6::boolean[])
      WITH ORDINALITY AS asked (key, verb, from_us, to_us, sources, federated, number)),
  found AS (
    SELECT carried.fact, string_agg(wanted.number::text, ',') AS numbers FROM wanted CROSS JOIN LATERAL (
      (SELECT fact FROM access_key k WHERE NOT wanted.federated AND wanted.sources IS NULL
        AND k.key = wanted.key AND k.verb = wanted.verb AND k.at_us BETWEEN wanted.from_us AND wanted.to_us AND k.first_position <= $7 OFFSET 0)
      UNION ALL
      (SELECT k.fact FROM (SELECT DISTINCT unnest(wanted.sources)) AS of (source) CROSS JOIN LATERAL (
        SELECT fact FROM access_key k WHERE NOT wanted.federated AND k.source = of.source
          AND k.key = wanted.key AND k.verb = wanted.verb AND k.at_us BETWEEN wanted.from_us AND wanted.to_us AND k.first_position <= $7 OFFSET 0) AS k)
      UNION ALL
      (SELECT fact FROM access_key k WHERE wanted.federated AND k.federated AND (wanted.sources IS NULL OR k.source = ANY(wanted.sources))
        AND k.key = wanted.key AND k.verb = wanted.verb AND k.at_us BETWEEN wanted.from_us AND wanted.to_us AND k.first_position <= $7 OFFSET 0)
    ) AS carried
    GROUP BY carried.fact)
  SELECT found.fact, found.numbers, f.body, f.last_position FROM found CROSS JOIN LATERAL (
    SELECT convert_from(body, 'UTF8') AS body, last_position FROM access_fact WHERE fact = found.fact OFFSET 0) AS f`

/** Rows per look-up, in the order asked. */
export async function readLookups(
  pool: pg.Pool,
  position: number,
  asked: readonly AskedLookup[],
): Promise<readonly (readonly FactRow[])[]> {
  const { rows } = await pool.query<FactRow & { numbers: string }>({
    name: 'access-lookups',
    text: LOOKUPS,
    values: [
      asked.map(({ key }) => uuidOf(key)),
      asked.map(({ verb }) => verbNumber(verb)),
      asked.map(({ span }) => (span === undefined ? MIN_US : micros(span.from))),
      asked.map(({ span }) => (span === undefined ? MAX_US : micros(span.to))),
      asked.map(({ sources }) => (sources === undefined ? null : `{${sources.map(sourceNumber).join(',')}}`)),
      asked.map(({ federated }) => federated === true),
      position,
    ],
  })
  const found: FactRow[][] = asked.map(() => [])
  for (const row of rows) for (const number of row.numbers.split(',')) found[Number(number) - 1]?.push(row)
  return found
}
