import { verbNumber } from './rows.js'
import type { Activity, Key } from '@catena/domain'
import type pg from 'pg'
import { validUs } from './credentials.js'
import { uuidOf, undashed } from './identity.js'
import { knownAtSql } from './known-at.js'
import type { PostgresFactIndex } from './postgres-fact-index.js'

/** The newest fact that binds each standing key: of a repository its last run, of an entity its last login. */
export async function newestBound(
  pool: pg.Pool,
  index: PostgresFactIndex,
  keys: readonly Key[],
): Promise<Map<Key, Activity>> {
  const byUuid = new Map(keys.map((key) => [uuidOf(key), key]))
  const { rows } = await pool.query<{ key: string; fact: string; body: string; last_position: string }>({
    name: 'access-newest-bound',
    text: `SELECT wanted.key, f.fact, convert_from(f.body, 'UTF8') AS body, f.last_position FROM unnest($1::uuid[]) AS wanted (key)
      CROSS JOIN LATERAL (SELECT fact FROM access_key
        WHERE key = wanted.key AND verb = $2 AND ${knownAtSql('access_key', '$3')} AND at_us <= $4::bigint
        ORDER BY at_us DESC, fact DESC LIMIT 1) newest
      JOIN access_fact f ON f.fact = newest.fact`,
    values: [[...byUuid.keys()], verbNumber('binds'), index.asOf.position, validUs(index.asOf)],
  })
  const facts = await index.asKnown(rows)
  return new Map(
    rows.flatMap((row): [Key, Activity][] => {
      const [key, fact] = [byUuid.get(undashed(row.key)), facts.get(row.fact)]
      return key === undefined || fact === undefined ? [] : [[key, fact]]
    }),
  )
}
