import type { Instant, Key } from '@catena/domain'
import type { CastVote } from '../item/state.js'

/** Whoever cast these votes, and in whose place, each with the times at which they did: groups that they joined later make them no party to what they said. */
export function votersOf(votes: readonly CastVote[]): ReadonlyMap<Key, readonly Instant[]> {
  const voters = new Map<Key, Instant[]>()
  for (const { reviewer, inPlaceOf, at } of votes)
    for (const key of [reviewer, ...inPlaceOf]) voters.set(key, [...(voters.get(key) ?? []), at])
  return voters
}
