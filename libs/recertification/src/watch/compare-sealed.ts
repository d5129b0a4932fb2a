import type { Instant, Key } from '@catena/domain'
import type { Frozen } from '../campaign/facts.js'
import type { SealedCampaign } from '../campaign/state.js'
import type { RecertificationDesk } from '../desk/desk.js'
import { commandItems, loadItems, type LoadedItem } from '../desk/items.js'
import type { Contradiction } from '../item/events.js'
import { isExcluded } from '../item/parties.js'
import { bare, inGroupsOf, type Identity } from '../ports/people.js'
import { endSeen, verdictOn } from '../timers/carry-out.js'
import { grouped } from './grouped.js'
import type { Knowledge } from './knowledge.js'
import { contradictionsOf } from './since-seal.js'
import { votersOf } from './voters.js'

/** Items compared at once. */
const BATCH = 200

export interface SealedItem {
  readonly item: string
  readonly population: string
}

/** Tells items of one sealed campaign what speaks against their decisions now. */
export async function compareSealed(desk: RecertificationDesk, known: Knowledge, state: SealedCampaign, items: readonly SealedItem[]): Promise<void> {
  for (const frozen of [state.frozen, ...state.supplements]) {
    const own = items.filter(({ population }) => population === frozen.population).map(({ item }) => item)
    for (let at = 0; at < own.length; at += BATCH) await compareBatch(desk, known, state, frozen, own.slice(at, at + BATCH))
  }
} // prettier-ignore

async function compareBatch(desk: RecertificationDesk, known: Knowledge, campaign: SealedCampaign, frozen: Frozen, ids: readonly string[]): Promise<void> {
  const loaded = await loadItems(desk, ids)
  const rested = grouped(loaded, ({ state }) => Math.max(frozen.position, state.notedAt ?? 0))
  const people = await decidersOf(desk, loaded, known.position)
  for (const [position, group] of rested) {
    const own = [...new Set(group.map(({ item }) => item.access.credential.id))]
    const [before, now] = [await known.view(own, position, frozen.at), await known.view(own, known.position, frozen.at)]
    for (const one of group) {
      const { item } = one
      const others = [...now.values()].map(({ row }) => row).filter(({ credential }) => credential.id === item.access.credential.id)
      const late = contradictionsOf(item, { before: before.get(item.subject)?.row, now: now.get(item.subject)?.row, others, voters: people(one) })
      const contradictions = [...late, ...(await cameBack(desk, known, campaign, one))]
      if (contradictions.length > 0) await commandItems(desk, [item.id], () => ({ type: 'NoteSinceSeal', contradictions, position: known.position }), known.by)
    }
  }
} // prettier-ignore

/** Of each item whoever's vote its outcome rests on, and in whose place, by the names that are known now and in the groups of that time; whom the campaign itself found to be a party is on record with it. */
async function decidersOf({ directory }: Pick<RecertificationDesk, 'directory'>, loaded: readonly LoadedItem[], position: number): Promise<(one: LoadedItem) => Identity[]> {
  const voters = ({ state }: LoadedItem): ReadonlyMap<Key, readonly Instant[]> => votersOf(state.restedOn ?? [])
  const found = await directory.identities([...new Set(loaded.flatMap((one) => [...voters(one).keys()]))], position)
  return (one) => [...voters(one)].map(([key, moments]) => inGroupsOf(found.get(key) ?? bare(key), moments)).filter((voter) => !isExcluded(one.state, voter))
} // prettier-ignore

/** A success after the end that had verified the order. */
async function cameBack(desk: RecertificationDesk, known: Knowledge, { definition }: SealedCampaign, { item, state }: LoadedItem): Promise<Contradiction[]> {
  if (!('order' in state)) return []
  const rows = await known.view([item.access.credential.id], known.position, known.by.at)
  const row = rows.get(item.subject)?.row
  const verdict = verdictOn(state, row, await endSeen(desk, { item, state }, row), definition.silenceWindowDays, definition.zone, known.by.at)
  return verdict?.type === 'NoteRegressed' ? [{ about: 'came back', why: 'the access came back: it was used again after its end' }] : []
} // prettier-ignore
