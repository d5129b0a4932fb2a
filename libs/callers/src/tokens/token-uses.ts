import type { Instant } from '@catena/domain'
import type pg from 'pg'

/** How often the last use of a token is written, ms. */
const NOTED_EVERY_MS = 60_000

/** When tokens were used last. A write that changes nothing still locks its row and is flushed, so no request makes one in vain. */
export class TokenUses {
  /** Of tokens that are valid, so it grows no further than they do. */
  private readonly noted = new Map<string, Instant>()

  constructor(private readonly pool: Pick<pg.Pool, 'query'>) {}

  async note(id: string, at: Instant): Promise<void> {
    if (at - (this.noted.get(id) ?? -Infinity) < NOTED_EVERY_MS) return
    await this.pool.query({
      name: 'api-token-use',
      text: `INSERT INTO api_token_use (id, last_used_at) VALUES ($1, to_timestamp($2))
        ON CONFLICT (id) DO UPDATE SET last_used_at = excluded.last_used_at
        WHERE api_token_use.last_used_at < to_timestamp($3)`,
      values: [id, at / 1000, (at - NOTED_EVERY_MS) / 1000],
    })
    this.noted.set(id, at)
  }
}
