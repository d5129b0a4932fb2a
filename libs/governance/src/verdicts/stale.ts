import type { Instant } from '@catena/domain'
import type pg from 'pg'

/** How long a credential that cannot be judged waits until it is tried again. */
const RETRY_AFTER_MS = 300_000

/** A credential to be judged: something became known of it up to the position, or its verdict stands no longer. */
export interface Stale {
  readonly credential: string
  readonly position: string | null
}

export async function staleCredentials(client: pg.ClientBase, at: Instant, limit: number): Promise<Stale[]> {
  const { rows } = await client.query<Stale>({
    name: 'stale-credentials',
    text: `SELECT replace(credential::text, '-', '') AS credential, max(position) AS position FROM (
         (SELECT credential, position FROM governance.stale_credential
          WHERE retry_at IS NULL OR retry_at <= to_timestamp($2::float8 / 1000) ORDER BY position LIMIT $1)
         UNION ALL
         (SELECT credential, NULL FROM governance.evaluation e WHERE valid_until <= to_timestamp($2::float8 / 1000)
            AND NOT EXISTS (SELECT FROM governance.stale_credential s WHERE s.credential = e.credential) ORDER BY valid_until LIMIT $1)) due
       GROUP BY due.credential LIMIT $1`,
    values: [limit, at],
  })
  return rows
}

/** They are judged as of that position, unless something more became known meanwhile. */
export async function judged(client: pg.ClientBase, stale: readonly Stale[]): Promise<void> {
  await client.query(
    `DELETE FROM governance.stale_credential s USING unnest($1::uuid[], $2::bigint[]) AS done (credential, position)
     WHERE s.credential = done.credential AND s.position <= done.position`,
    [stale.map(({ credential }) => credential), stale.map(({ position }) => position)],
  )
}

/** They stay stale, and let the others pass. */
export async function setAside(client: pg.ClientBase, credentials: readonly string[], at: Instant): Promise<void> {
  if (credentials.length === 0) return
  await client.query(
    `INSERT INTO governance.stale_credential (credential, position, retry_at)
     SELECT credential, 0, to_timestamp($2::float8 / 1000) FROM unnest($1::uuid[]) AS row (credential)
     ON CONFLICT (credential) DO UPDATE SET retry_at = excluded.retry_at`,
    [credentials, at + RETRY_AFTER_MS],
  )
}
