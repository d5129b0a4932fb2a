import type { Key } from '@catena/domain'
import type { RecertificationDesk } from '../desk/desk.js'
import type { LoadedItem } from '../desk/items.js'
import type { ItemCommand } from '../item/commands.js'
import { partiesKnown } from '../item/parties.js'
import type { Vote } from '../item/events.js'
import { OPEN, type ItemState } from '../item/state.js'
import { newParties, partiesOf, withParties } from '../population/parties.js'
import type { AccessRow } from '../ports/access-summary.js'
import { bare } from '../ports/people.js'
import { conflictsOf, decidedBy } from '../reviewers/independence.js'

/** What an item has to be told of who is a party to its access, as known at a cut. What is on record with it is no news. `row`: the access then. */
export async function partiesNow(desk: Pick<RecertificationDesk, 'directory'>, { item, state }: LoadedItem, row: AccessRow | undefined, position: number): Promise<ItemCommand[]> {
  if (row === undefined) return []
  const [before, parties] = [partiesKnown(item, state), partiesOf(row)]
  const isNews = Object.keys(newParties(before, parties)).length > 0
  const people = involved(state).filter((key) => state.excluded?.includes(key) !== true)
  const known = people.length === 0 ? new Map<Key, never>() : await desk.directory.identities(people, position)
  const conflicts = conflictsOf(people.map((key) => known.get(key) ?? bare(key)), withParties(before, parties))
  return [
    ...(isNews ? [{ type: 'NoteParties' as const, parties, position }] : []),
    ...(conflicts.length > 0 && !OPEN.has(state.status) ? [{ type: 'Impeach' as const, why: conflicts.map(decidedBy).join('; '), position }] : []),
    ...(conflicts.length > 0 ? [{ type: 'NoteConflicts' as const, conflicts }] : []),
  ]
} // prettier-ignore

/** Everybody who reviews, may in the place of somebody, or has voted or been voted for; of what is decided whoever's vote is behind it. */
function involved(state: ItemState): Key[] {
  const { reviewers, delegations, votes, restedOn = [] } = state
  if (!OPEN.has(state.status)) return 'outcome' in state ? [...new Set(voters(restedOn))] : []
  const handed = delegations.flatMap(({ from, to }) => [from, to])
  return [...new Set([...reviewers, ...handed, ...voters(votes)])]
} // prettier-ignore

function voters(votes: readonly Vote[]): Key[] {
  return votes.flatMap(({ reviewer, inPlaceOf }) => [reviewer, ...inPlaceOf])
}
