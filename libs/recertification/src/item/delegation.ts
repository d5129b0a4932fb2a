import { refusal, type Key, type Refusal } from '@catena/domain'
import { bare, type Identity } from '../ports/people.js'
import { conflictsOf, type Parties } from '../reviewers/independence.js'
import type { ItemCode } from './commands.js'
import { isExcluded } from './parties.js'
import { seatOf, standingVotes, type ItemState } from './state.js'

/** Longest chain: a reviewer's delegate may delegate once more. */
export const DELEGATIONS_MAX = 2

/** In whose place this person reviews, the assigned reviewer first; empty for an assigned reviewer; undefined: not at all. */
export function inPlaceOf(state: Pick<ItemState, 'reviewers' | 'delegations'>, person: Identity): readonly Key[] | undefined {
  const names = new Set([person.key, ...person.aliases])
  if (state.reviewers.some((reviewer) => names.has(reviewer))) return []
  for (const name of names) {
    const chain = chainTo(state, name)
    if (chain !== undefined) return chain
  }
  return undefined
} // prettier-ignore

/** In the same words as of an item that is not there: who does not review it does not learn that it is. */
export const NOT_YOURS = refusal(
  'NOT_A_REVIEWER',
  'no such item is yours to review, or the items are of several campaigns: see your list of open reviews',
)

export function refuseStranger(state: Pick<ItemState, 'reviewers' | 'delegations'>, person: Identity): Refusal<ItemCode> | undefined {
  return inPlaceOf(state, person) === undefined ? NOT_YOURS : undefined
} // prettier-ignore

/** Whose say it is when this person votes. Who has voted already, by whatever name, keeps that seat: nobody has two. `chain`: in whose place. */
export function seatFor(state: ItemState, { key, aliases }: Identity, chain: readonly Key[]): Key {
  const names = [key, ...aliases]
  const own = standingVotes(state).findLast(({ reviewer }) => names.includes(reviewer))
  return own === undefined ? (chain[0] ?? state.reviewers.find((reviewer) => names.includes(reviewer)) ?? key) : seatOf(own)
} // prettier-ignore

function chainTo({ reviewers, delegations }: Pick<ItemState, 'reviewers' | 'delegations'>, to: Key): Key[] | undefined {
  const chain: Key[] = []
  let current = to
  while (!reviewers.includes(current)) {
    const reached = current
    const held = delegations.findLast(({ from, to: next }) => next === reached && !chain.includes(from))?.from
    if (held === undefined) return undefined
    chain.unshift(held)
    current = held
  }
  return chain
}

export interface DelegationAsked {
  readonly from: Identity
  readonly to: Identity
  readonly others: ReadonlyMap<Key, Identity>
}

/** From that person to that one already: the same again is no second step. */
export function isDelegated({ delegations }: Pick<ItemState, 'delegations'>, { from, to }: Pick<DelegationAsked, 'from' | 'to'>): boolean {
  return delegations.some((one) => one.from === from.key && one.to === to.key)
} // prettier-ignore

/** At most two steps, no cycle, never to or from somebody in conflict. */
export function mayDelegate(state: ItemState, { from, to, others }: DelegationAsked, parties: Parties): Refusal<ItemCode> | undefined {
  const chain = inPlaceOf(state, from)
  if (chain === undefined) return NOT_YOURS
  const holders = [...chain, from.key]
  if ([to.key, ...to.aliases].some((key) => holders.includes(key))) return refusal('DELEGATION_CYCLE', 'this person passed the item on already')
  if (holders.length > DELEGATIONS_MAX) return refusal('DELEGATION_TOO_LONG', `an item is passed on ${DELEGATIONS_MAX} times at most`)
  if (to.leftAt !== undefined) return refusal('HAS_LEFT', 'this person has left or is about to: choose another')
  const people = [...chain.map((key) => others.get(key) ?? bare(key)), from, to]
  const conflicts = conflictsOf(people, parties)
  const found = [...conflicts.map(({ person, as }) => `${person} is its ${as}`), ...people.filter((person) => isExcluded(state, person)).map(({ key }) => `${key} became known as a party to it`)]
  return found.length === 0 ? undefined : refusal('CONFLICT_OF_INTEREST', `the item cannot go that way: ${found.join(', ')}`)
} // prettier-ignore
