import type { AsOf } from '@catena/access-chain'
import type pg from 'pg'
import { validUs } from './credentials.js'

/** Facts of a type that no connector knows yet: stored, but in no chain. */
export interface UnclassifiedType {
  readonly source: string
  readonly type: string
  readonly facts: number
}

/** Most frequent first. */
export async function listUnclassified(pool: pg.Pool, asOf: AsOf, limit: number): Promise<UnclassifiedType[]> {
  const { rows } = await pool.query<{ source: string; type: string; facts: string }>({
    name: 'access-unclassified',
    text: `SELECT source, convert_from(body, 'UTF8')::json ->> 'type' AS type, count(*) AS facts FROM access_fact
      WHERE kind = 'unclassified' AND first_position <= $1 AND occurred_us <= $2::bigint
      GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT $3`,
    values: [asOf.position, validUs(asOf), limit],
  })
  return rows.map(({ source, type, facts }) => ({ source, type, facts: Number(facts) }))
}
