import type { Decided, Key } from '@catena/domain'
import type { CampaignState } from '../campaign/state.js'
import type { RecertificationDesk } from '../desk/desk.js'
import { commandItems, type LoadedItem } from '../desk/items.js'
import { isExcluded, partiesKnown } from '../item/parties.js'
import { seatOf, standingVotes, type ItemState } from '../item/state.js'
import { hasLeft } from '../ports/people.js'
import { assign, type People } from '../reviewers/assign.js'
import { conflictsOf } from '../reviewers/independence.js'

/** In a stage, in which items can be given to others. */
export type InStage = Extract<CampaignState, { readonly status: 'active' | 'paused' }>

/**
 * Open work stays with who of its reviewers may still review it; where they are fewer than its stage asks, others join whom its rules find, one
 * after another. The deadline stays. Nobody eligible: the item is blocked. What waits for a later stage is nobody's work yet.
 */
export async function giveOn(desk: RecertificationDesk, { stage, definition }: InStage, loaded: LoadedItem, why: string, people: People, by: Decided): Promise<void> {
  const { item, state } = loaded
  if (state.stage > stage) return
  const { reviewers: rules = [], quorum = 1 } = definition.stages[state.stage] ?? {}
  const reviewers = new Set(await fitOf(loaded, people, by))
  for (const rule of rules) {
    if (reviewers.size >= stillAsked(state, reviewers, quorum)) break
    const found = await assign([rule], item.access, state.owner ?? item.owner, people, by.at, state)
    for (const key of found.reviewers) reviewers.add(key)
  }
  const known = await people.identities([...reviewers])
  await commandItems(desk, [item.id], () => ({ type: 'Assign', stage: state.stage, reviewers: known, why }), by)
} // prettier-ignore

/** How many reviewers a quorum needs beside the votes that stand, of whoever reviews no more. */
function stillAsked(state: ItemState, reviewers: ReadonlySet<Key>, quorum: number): number {
  const cast = standingVotes(state).filter((vote) => vote.decision.kind !== 'abstain' && !reviewers.has(vote.reviewer) && !reviewers.has(seatOf(vote)))
  return Math.max(1, quorum - cast.length)
} // prettier-ignore

/** Who of its reviewers has not left, and is no party to the access as it was frozen or as it became known since. */
async function fitOf({ item, state }: LoadedItem, people: People, { at }: Decided): Promise<Key[]> {
  const parties = partiesKnown(item, state)
  const known = await people.identities(state.reviewers)
  return known.filter((one) => !hasLeft(one, at) && conflictsOf([one], parties).length === 0 && !isExcluded(state, one)).map(({ key }) => key)
} // prettier-ignore
