import type { Key } from '@catena/domain'
import type { RecertificationDesk } from '../desk/desk.js'
import type { LoadedItem } from '../desk/items.js'
import type { ItemCommand } from '../item/commands.js'
import { partiesKnown } from '../item/parties.js'
import { OPEN, standingVotes, type CastVote, type ItemState } from '../item/state.js'
import { newParties, partiesOf, withParties } from '../population/parties.js'
import type { AccessRow } from '../ports/access-summary.js'
import { bare, inGroupsOf, type Identity } from '../ports/people.js'
import { conflictsOf, decidedBy } from '../reviewers/independence.js'
import { votersOf } from './voters.js'

/** What an item has to be told of who is a party to its access, as known at a cut. What is on record with it is no news. `row`: the access then. */
export async function partiesNow(desk: Pick<RecertificationDesk, 'directory'>, { item, state }: LoadedItem, row: AccessRow | undefined, position: number): Promise<ItemCommand[]> {
  if (row === undefined) return []
  const [before, parties] = [partiesKnown(item, state), partiesOf(row)]
  const isNews = Object.keys(newParties(before, parties)).length > 0
  const conflicts = conflictsOf(await involved(desk, state, position), withParties(before, parties))
  return [
    ...(isNews ? [{ type: 'NoteParties' as const, parties, position }] : []),
    ...(conflicts.length > 0 && !OPEN.has(state.status) ? [{ type: 'Impeach' as const, why: conflicts.map(decidedBy).join('; '), position }] : []),
    ...(conflicts.length > 0 ? [{ type: 'NoteConflicts' as const, conflicts }] : []),
  ]
} // prettier-ignore

/** Everybody who reviews it, as they are now, and who has voted or been voted for, in the groups of that time; whose say is on record as that of a party is no news. */
async function involved(
  { directory }: Pick<RecertificationDesk, 'directory'>,
  state: ItemState,
  position: number,
): Promise<Identity[]> {
  const [voters, reviewing] = [votersOf(votesOf(state)), new Set(reviewingOf(state))]
  const people = [...new Set([...reviewing, ...voters.keys()])].filter((key) => state.excluded?.includes(key) !== true)
  const known = people.length === 0 ? new Map<Key, never>() : await directory.identities(people, position)
  return people.map((key) => {
    const [person, moments = []] = [known.get(key) ?? bare(key), voters.get(key)]
    if (!reviewing.has(key)) return inGroupsOf(person, moments)
    return { ...person, groups: [...person.groups, ...inGroupsOf(person, moments).groups] }
  })
}

/** Of what is decided the votes behind it; of what is open all of them. */
function votesOf(state: ItemState): readonly CastVote[] {
  if (OPEN.has(state.status)) return state.votes
  return 'outcome' in state ? (state.restedOn ?? []) : []
}

/** Who is asked, or may answer in the place of somebody. Whoever's answer decided it already is asked no more. */
function reviewingOf(state: ItemState): Key[] {
  if (!OPEN.has(state.status)) return []
  const asked = [...state.reviewers, ...state.delegations.flatMap(({ from, to }) => [from, to])]
  const answered = state.status === 'decided' ? votersOf(standingVotes(state)) : new Map<Key, never>()
  return asked.filter((key) => !answered.has(key))
}
