import type { Instant, Key } from '@catena/domain'
import { undashed } from '@catena/projections'
import type pg from 'pg'
import { NO_OWNERSHIP_RULES, type OwnershipRules } from './rules.js'
import type { Stewardship } from './state.js'

type Reads = Pick<pg.Pool, 'query'>

/** Of the credentials that anybody said something of, up to a position. */
export async function readStewardships(
  pool: Reads,
  position: number,
  credentials: readonly string[],
): Promise<Map<string, Stewardship>> {
  const { rows } = await pool.query<{ credential: string; state: Stewardship }>({
    name: 'stewardships',
    text: `SELECT wanted.credential, newest.state FROM unnest($1::uuid[]) AS wanted (credential)
      CROSS JOIN LATERAL (SELECT state FROM decisions.stewardship
        WHERE credential = wanted.credential AND position <= $2 ORDER BY position DESC LIMIT 1) newest`,
    values: [credentials, position],
  })
  return new Map(rows.map(({ credential, state }) => [undashed(credential), state]))
}

export async function readOwnershipRules(pool: Reads, position: number): Promise<OwnershipRules> {
  const { rows } = await pool.query<{ state: OwnershipRules }>({
    name: 'ownership-rules',
    text: `SELECT state FROM decisions.rule_list WHERE kind = 'ownership' AND position <= $1 ORDER BY position DESC LIMIT 1`,
    values: [position],
  })
  return rows[0]?.state ?? NO_OWNERSHIP_RULES
}

/** All lists of rules of ownership that were published up to a position, the one in force last. */
export async function readOwnershipVersions(pool: Reads, position: number): Promise<OwnershipRules[]> {
  const { rows } = await pool.query<{ state: OwnershipRules }>({
    name: 'ownership-versions',
    text: `SELECT state FROM decisions.rule_list WHERE kind = 'ownership' AND position <= $1 ORDER BY position`,
    values: [position],
  })
  return rows.map(({ state }) => state)
}

/** Ids of credentials that were assigned to an owner by name, up to a position. */
export async function ownedByName(pool: Reads, position: number, owner: Key): Promise<string[]> {
  const { rows } = await pool.query<{ credential: string }>({
    name: 'owned-by-name',
    text: `SELECT DISTINCT s.credential FROM decisions.stewardship s WHERE s.owner = $1 AND s.position <= $2
      AND NOT EXISTS (SELECT FROM decisions.stewardship later
        WHERE later.credential = s.credential AND later.position > s.position AND later.position <= $2 AND later.owner IS DISTINCT FROM $1)
      ORDER BY s.credential`,
    values: [owner, position],
  })
  return rows.map(({ credential }) => undashed(credential))
}

/** Registered credentials read at once. */
const PAGE = 1_000

/** All credentials that were registered by hand, up to a position, part by part. */
export async function* registeredCredentials(
  pool: Reads,
  position: number,
): AsyncGenerator<{ id: string; state: Stewardship }[]> {
  for (let after: string | undefined; ;) {
    const part = await listRegistered(pool, position, after, PAGE)
    yield part
    after = part.at(-1)?.id
    if (part.length < PAGE) return
  }
}

/** Credentials that were registered by hand, up to a position and a moment; `after` is the last id of the page before. */
export async function listRegistered(
  pool: Reads,
  position: number,
  after: string | undefined,
  limit: number,
  by?: Instant,
): Promise<{ id: string; state: Stewardship }[]> {
  const { rows } = await pool.query<{ credential: string; state: Stewardship }>({
    name: 'registered-credentials',
    text: `SELECT DISTINCT ON (credential) credential, state FROM decisions.stewardship
      WHERE position <= $1 AND state ? 'registration' AND ($2::uuid IS NULL OR credential > $2)
        AND ($4::float8 IS NULL OR (state -> 'registration' ->> 'at')::float8 <= $4)
      ORDER BY credential, position DESC LIMIT $3`,
    values: [position, after ?? null, limit, by ?? null],
  })
  return rows.map(({ credential, state }) => ({ id: undashed(credential), state }))
}
