import type { AsOf } from '@catena/access-chain'
import type { Key, Namespace } from '@catena/domain'
import type pg from 'pg'
import { validUs } from './credentials.js'
import { heardThenSql } from './standing.js'

/** Names of people and accounts that read alike in several systems. */
export interface SameName {
  /** The text, in lower case. */
  readonly text: string
  readonly names: readonly Key[]
}

const NAMED: readonly Namespace[] = ['person-email', 'person-name', 'vault-account', 'account', 'google-principal']

/** Equal text in more than one system, by text. It joins nothing. */
export async function listSameNames(pool: pg.Pool, asOf: AsOf, limit: number): Promise<SameName[]> {
  const { rows } = await pool.query<{ text: string; names: Key[] }>({
    name: `access-same-names${asOf.validAt === undefined ? '' : '-then'}`,
    // The value is what follows the second colon; of an account what follows its mount.
    text: `SELECT lower(regexp_replace(name, '^[^:]+:[^:]+:(.*/)?', '')) AS text, array_agg(name ORDER BY name COLLATE "C") AS names
      FROM access_standing
      WHERE namespace = ANY($3::text[]) AND first_position <= $1 AND first_us <= $2::bigint ${heardThenSql(asOf)} AND name !~ ':hmac|/hmac'
      GROUP BY 1 HAVING count(DISTINCT split_part(name, ':', 2)) > 1 ORDER BY 1 LIMIT $4`,
    values: [asOf.position, validUs(asOf), NAMED, limit],
  })
  return rows
}
