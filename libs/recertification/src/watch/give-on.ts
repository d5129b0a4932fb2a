import type { Decided, Key } from '@catena/domain'
import type { CampaignState } from '../campaign/state.js'
import type { RecertificationDesk } from '../desk/desk.js'
import { commandItems, type LoadedItem } from '../desk/items.js'
import { isExcluded, partiesKnown } from '../item/parties.js'
import { hasLeft } from '../ports/people.js'
import { assign, type People } from '../reviewers/assign.js'
import { conflictsOf } from '../reviewers/independence.js'

/** In a stage, in which items can be given to others. */
export type InStage = Extract<CampaignState, { readonly status: 'active' | 'paused' }>

/**
 * Open work stays with who of its reviewers may still review it, else goes on to the next that the rules of the stage find; the deadline stays. Nobody
 * eligible: the item is blocked. Items of other stages stay as they are.
 */
export async function giveOn(desk: RecertificationDesk, { stage, definition }: InStage, loaded: LoadedItem, why: string, people: People, by: Decided): Promise<void> {
  const { item, state } = loaded
  if (state.stage !== stage) return
  const rules = definition.stages[stage]?.reviewers ?? []
  const staying = await fitOf(loaded, people, by)
  const { reviewers } = staying.length > 0 ? { reviewers: staying } : await assign(rules, item.access, state.owner ?? item.owner, people, by.at, state)
  const known = await people.identities(reviewers)
  await commandItems(desk, [item.id], () => ({ type: 'Assign', stage, reviewers: known, why }), by)
} // prettier-ignore

/** Who of its reviewers has not left, and is no party to the access as it was frozen or as it became known since. */
async function fitOf({ item, state }: LoadedItem, people: People, { at }: Decided): Promise<Key[]> {
  const parties = partiesKnown(item, state)
  const known = await people.identities(state.reviewers)
  return known.filter((one) => !hasLeft(one, at) && conflictsOf([one], parties).length === 0 && !isExcluded(state, one)).map(({ key }) => key)
} // prettier-ignore
