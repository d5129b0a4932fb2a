import type { Caller } from '@catena/domain'
import { loadStream, type DecisionStreams } from '@catena/ledger'
import type { Clock } from '@catena/platform'
import type pg from 'pg'
import type { CallerKeys } from '../keys.js'
import { tokenDecider, tokenStream } from './api-token.js'
import { readToken } from './token-text.js'

/** How often the last use of a token is written, ms. */
const USE_NOTED_EVERY_MS = 60_000

export interface TokenDesk {
  readonly streams: Pick<DecisionStreams, 'readStream'>
  readonly pool: pg.Pool
  readonly keys: CallerKeys
  readonly clock: Clock
}

/** The machine behind a token. Asked of its stream each time, so that a revocation counts at once. */
export async function identifyToken(
  { streams, pool, keys, clock }: TokenDesk,
  text: string,
): Promise<Caller | undefined> {
  const token = readToken(text)
  if (token === undefined) return undefined
  const { state } = await loadStream(streams, tokenDecider, tokenStream(token.id))
  if (state.status !== 'issued' || !keys.isTokenHash(token.secret, state.hash) || state.expiresAt <= clock.now())
    return undefined
  await noteUse(pool, token.id, clock.now())
  return {
    id: `machine:${token.id}`,
    name: state.name,
    kind: 'machine',
    roles: state.roles,
    keys: [],
    ...(state.sources.length === 0 ? {} : { sources: state.sources }),
  }
}

async function noteUse(pool: pg.Pool, id: string, at: number): Promise<void> {
  await pool.query({
    name: 'api-token-use',
    text: `INSERT INTO api_token_use (id, last_used_at) VALUES ($1, to_timestamp($2))
      ON CONFLICT (id) DO UPDATE SET last_used_at = excluded.last_used_at
      WHERE api_token_use.last_used_at < to_timestamp($3)`,
    values: [id, at / 1000, (at - USE_NOTED_EVERY_MS) / 1000],
  })
}
