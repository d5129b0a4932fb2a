import type { Instant } from '@catena/domain'
import type { Page, PageRequest } from '@catena/projections'
import type pg from 'pg'

export type TokenStatus = 'active' | 'expired' | 'revoked'

export interface ListedToken {
  readonly id: string
  readonly name: string
  readonly owner: string
  readonly roles: readonly string[]
  /** Empty: not limited. */
  readonly sources: readonly string[]
  readonly status: TokenStatus
  readonly issuedBy: string
  readonly issuedAt: Instant
  readonly expiresAt: Instant
  readonly lastUsedAt: Instant | undefined
  readonly revokedBy: string | undefined
  readonly revokedAt: Instant | undefined
}

interface Row {
  id: string; name: string; owner: string; roles: string[]; sources: string[]; issued_by: string; issued_at: Date
  expires_at: Date; last_used_at: Date | null; revoked_by: string | null; revoked_at: Date | null
} // prettier-ignore

/** By id; of one owner where given. */
export async function listTokens(
  pool: Pick<pg.ClientBase, 'query'>,
  owner: string | undefined,
  { limit, after }: PageRequest,
  now: Instant,
): Promise<Page<ListedToken>> {
  const { rows } = await pool.query<Row>(
    `SELECT token.*, last_used_at FROM decisions.api_token AS token LEFT JOIN api_token_use USING (id)
     WHERE id > $1 AND ($3::text IS NULL OR owner = $3) ORDER BY id LIMIT $2`,
    [after?.[0] ?? '', limit + 1, owner],
  )
  const items = rows.slice(0, limit).map((row) => ({ item: listed(row, now), place: [row.id] }))
  return { items, hasMore: rows.length > limit }
}

function listed(row: Row, now: Instant): ListedToken {
  const status = row.revoked_at !== null ? 'revoked' : row.expires_at.getTime() <= now ? 'expired' : 'active'
  return {
    id: row.id,
    name: row.name,
    owner: row.owner,
    roles: row.roles,
    sources: row.sources,
    status,
    issuedBy: row.issued_by,
    issuedAt: row.issued_at.getTime(),
    expiresAt: row.expires_at.getTime(),
    lastUsedAt: row.last_used_at?.getTime(),
    revokedBy: row.revoked_by ?? undefined,
    revokedAt: row.revoked_at?.getTime(),
  }
}
