import type { AsOf } from '@catena/access-chain'
import type { Key, Verb } from '@catena/domain'
import type pg from 'pg'
import { uuidOf, undashed } from './identity.js'
import { verbNumber } from './rows.js'

/** Which of these keys any fact carries by one of the verbs: an existence check, however many facts there are. */
export async function knownKeys(
  pool: pg.Pool,
  asOf: AsOf,
  keys: readonly Key[],
  verbs: readonly Verb[],
): Promise<Set<Key>> {
  const byUuid = new Map(keys.map((key) => [uuidOf(key), key]))
  const { rows } = await pool.query<{ key: string }>({
    name: 'access-known-keys',
    text: `SELECT wanted.key FROM unnest($1::uuid[]) AS wanted (key) WHERE EXISTS (
      SELECT FROM access_key k WHERE k.key = wanted.key AND k.verb = ANY($2::smallint[]) AND k.first_position <= $3)`,
    values: [[...byUuid.keys()], verbs.map(verbNumber), asOf.position],
  })
  const known = rows.map((row) => byUuid.get(undashed(row.key)))
  return new Set(known.filter((key) => key !== undefined))
}
