import { callerKey, type Caller, type Key } from '@catena/domain'
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
    alsoKnownAs: await answering(streams, [state.owner, state.issuedBy]),
    ...(state.sources.length === 0 ? {} : { sources: state.sources }),
  }
}

/** Who answers for a token, by the key of their directory and by the one here; of a token that a token issued also whoever answers for that one. */
async function answering(streams: TokenDesk['streams'], callers: readonly string[]): Promise<Key[]> {
  const known = new Set(callers)
  for (const id of known) {
    if (!id.startsWith('machine:')) continue
    const { state } = await loadStream(streams, tokenDecider, tokenStream(id.slice('machine:'.length)))
    if (state.status !== 'none') known.add(state.owner).add(state.issuedBy)
  }
  return [...known].flatMap((id) => [...(id.startsWith('person:') ? [id as Key] : []), callerKey(id)])
}
