import type { FrozenItem } from '../population/frozen-item.js'
import { newParties, partiesOf, withParties } from '../population/parties.js'
import type { Identity } from '../ports/people.js'
import type { Conflict, Parties } from '../reviewers/independence.js'
import type { ItemEvent } from './events.js'
import type { ItemState } from './state.js'

/** Everybody on an item who must not judge it: as it was frozen, and as became known since. */
export function partiesKnown({ access }: Pick<FrozenItem, 'access'>, { parties }: Pick<ItemState, 'parties'>): Parties {
  return withParties(partiesOf(access), parties)
}

/** Whoever is on record already is no news. */
export function noteParties(state: ItemState, { parties, position }: { readonly parties: Parties; readonly position: number }, item: FrozenItem): ItemEvent[] {
  const news = newParties(partiesKnown(item, state), parties)
  if (Object.keys(news).length === 0) return []
  return [{ type: 'ReviewPartiesFound', data: { campaign: item.campaign, parties: news, position } }]
} // prettier-ignore

/** Did it become known after the freeze, of any of their names, that they are a party? */
export function isExcluded({ excluded = [] }: Pick<ItemState, 'excluded'>, { key, aliases }: Pick<Identity, 'key' | 'aliases'>): boolean {
  return [key, ...aliases].some((name) => excluded.includes(name))
} // prettier-ignore

/** Of whom it is on record already it is no news. */
export function noteConflicts({ excluded }: Pick<ItemState, 'excluded'>, found: readonly Conflict[], campaign: string): ItemEvent[] {
  const conflicts = found.filter(({ person }) => excluded?.includes(person) !== true)
  return conflicts.length === 0 ? [] : [{ type: 'ReviewConflictFound', data: { campaign, conflicts } }]
} // prettier-ignore
