import type { Caller } from '@catena/domain'
import { loadStream, type DecisionStreams } from '@catena/ledger'
import type { Clock } from '@catena/platform'
import type { CallerKeys } from '../keys.js'
import { tokenDecider, tokenStream } from './api-token.js'
import { readToken } from './token-text.js'
import type { TokenUses } from './token-uses.js'

export interface TokenDesk {
  readonly streams: Pick<DecisionStreams, 'readStream'>
  readonly keys: CallerKeys
  readonly clock: Clock
  readonly uses: TokenUses
}

/** The machine behind a token. Asked of its stream each time, so that a revocation counts at once. */
export async function identifyToken(
  { streams, keys, clock, uses }: TokenDesk,
  text: string,
): Promise<Caller | undefined> {
  const token = readToken(text)
  if (token === undefined) return undefined
  const { state } = await loadStream(streams, tokenDecider, tokenStream(token.id))
  if (state.status !== 'issued' || !keys.isTokenHash(token.secret, state.hash) || state.expiresAt <= clock.now())
    return undefined
  await uses.note(token.id, clock.now())
  return {
    id: `machine:${token.id}`,
    name: state.name,
    kind: 'machine',
    roles: state.roles,
    keys: [],
    ...(state.sources.length === 0 ? {} : { sources: state.sources }),
  }
}
