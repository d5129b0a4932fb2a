import { fold, isRefusal, refusal, type Decided, type Key, type Refusal } from '@catena/domain'
import { decideAnew, decodeDecision, encodeDecision, loadStream, type StreamAppend } from '@catena/ledger'
import { campaignDecider, campaignStream } from '../campaign/decider.js'
import type { CampaignState } from '../campaign/state.js'
import { hasVoted } from '../item/answered.js'
import type { Decide, ItemCode, ItemCommand } from '../item/commands.js'
import { itemDecider } from '../item/decider.js'
import { inPlaceOf, NOT_YOURS } from '../item/delegation.js'
import type { ItemEvent } from '../item/events.js'
import type { ItemState } from '../item/state.js'
import type { FrozenItem } from '../population/frozen-item.js'
import { itemStream } from '../population/identity.js'
import { readItems } from '../population/store.js'
import type { Identity } from '../ports/people.js'
import type { ReviewDecision } from '../votes/decision.js'
import type { RecertificationDesk } from './desk.js'

export interface LoadedItem {
  readonly item: FrozenItem
  readonly state: ItemState
  readonly version: number
  readonly campaign: CampaignState
  readonly campaignVersion: number
}

export interface ItemsHandled {
  readonly items: readonly string[]
  readonly position: number
}
export type ItemRefusal = Refusal<ItemCode | 'NO_ITEM' | 'BULK_TOO_LARGE' | 'MIXED_EVIDENCE'> & {
  readonly item?: string
}

/** Items as they stand, all of one campaign; those that no campaign named are left out. `until`: as of a position. */
export async function loadItems(desk: RecertificationDesk, ids: readonly string[], until = Infinity): Promise<LoadedItem[]> {
  const frozen = await readItems(desk.pool, ids)
  const [first] = frozen.values()
  if (first === undefined) return []
  const campaign = await loadStream(desk.streams, campaignDecider, campaignStream(first.campaign))
  const streams = await desk.streams.readStreams([...frozen.keys()].map(itemStream))
  return [...frozen.values()].filter((item) => item.campaign === first.campaign).map((item) => {
    const decider = itemDecider({ item, campaign: campaign.state })
    const events = (streams.get(itemStream(item.id)) ?? []).filter(({ position }) => position <= until)
    const history = events.flatMap((event) => decodeDecision(event) ?? [])
    const state = fold(decider, history as unknown as Parameters<typeof fold<ItemState, ItemEvent & { data: never }>>[1])
    return { item, state, version: events.at(-1)?.streamVersion ?? 0, campaign: campaign.state, campaignVersion: campaign.version }
  })
} // prettier-ignore

/**
 * Decides for every item, and appends all or nothing, in a campaign that did not move meanwhile. The first refusal stands for all; a
 * vote that is refused and on record is appended by itself.
 */
export async function commandItems(
  desk: RecertificationDesk,
  ids: readonly string[],
  commandOf: (loaded: LoadedItem) => ItemCommand | Promise<ItemCommand>,
  by: Decided,
  check: (loaded: readonly LoadedItem[]) => ItemRefusal | undefined = () => undefined,
): Promise<ItemsHandled | ItemRefusal> {
  return decideAnew(() => commandOnce(desk, [...new Set(ids)], commandOf, by, check))
}

/**
 * The same by a reviewer, for whom items of others are like those that are not there, whatever else could be said of them. Whoever voted on an item
 * knows it: the same vote again is answered after its stage, too.
 */
export async function commandOwnItems(
  desk: RecertificationDesk,
  ids: readonly string[],
  reviewer: Identity,
  commandOf: (loaded: LoadedItem) => ItemCommand | Promise<ItemCommand>,
  by: Decided,
  check: (loaded: readonly LoadedItem[]) => ItemRefusal | undefined = () => undefined,
): Promise<ItemsHandled | ItemRefusal> {
  const checkOwn = (loaded: readonly LoadedItem[]): ItemRefusal | undefined =>
    loaded.every(({ state }) => inPlaceOf(state, reviewer) !== undefined || hasVoted(state, reviewer))
      ? check(loaded)
      : NOT_YOURS
  const answer = await commandItems(desk, ids, commandOf, by, checkOwn)
  return isRefusal(answer) && answer.refused === 'NO_ITEM' ? NOT_YOURS : answer
}

async function commandOnce(
  desk: RecertificationDesk,
  ids: readonly string[],
  commandOf: (loaded: LoadedItem) => ItemCommand | Promise<ItemCommand>,
  by: Decided,
  check: (loaded: readonly LoadedItem[]) => ItemRefusal | undefined,
): Promise<ItemsHandled | ItemRefusal> {
  const loaded = await loadItems(desk, ids)
  if (loaded.length < ids.length) return { ...refusal('NO_ITEM' as const, 'there is no such review item, or they are of several campaigns') }
  const refused = check(loaded)
  if (refused !== undefined) return refused
  const appends: StreamAppend[] = []
  let onRecord: ItemRefusal | undefined
  for (const one of loaded) {
    const decider = itemDecider(one)
    const answer = decider.decide(one.state, await commandOf(one), by)
    if (isRefusal(answer)) return { ...answer, item: one.item.id }
    const [event] = answer as readonly unknown[] as readonly ItemEvent[]
    if (event?.type === 'ReviewDecisionRefused') onRecord = { refused: event.data.code as ItemCode, message: event.data.why, item: one.item.id }
    if (answer.length === 0) continue
    const events = answer.map((each) => encodeDecision(decider, each, by, { subjects: [] }))
    appends.push({ stream: itemStream(one.item.id), expectedVersion: one.version, events })
    if (onRecord !== undefined) break
  }
  const [first] = loaded
  const kept = onRecord === undefined ? appends : appends.slice(-1)
  if (kept.length === 0 || first === undefined) return { items: ids, position: 0 }
  const resting = [{ stream: campaignStream(first.item.campaign), version: first.campaignVersion }]
  const { head } = await desk.streams.appendTogether(kept, resting)
  return onRecord ?? { items: ids, position: head }
} // prettier-ignore

/** A vote as it comes in from outside. */
export interface VoteAsked {
  readonly items: readonly string[]
  readonly decision: ReviewDecision
  /** For all of them, or item by item: above the risk that the campaign bounds each needs its own. */
  readonly reason: string
  readonly reasons?: ReadonlyMap<string, string>
  /** An id of the reviewer's own for this decision. */
  readonly request: string
  /** The revision that was seen, of all of them or item by item. */
  readonly saw?: number
  readonly saws?: ReadonlyMap<string, number>
}

/** One item, or many in bulk: of one evidence class, capped, atomic, and the same request again changes nothing. */
export async function decideItems(
  desk: RecertificationDesk,
  asked: VoteAsked,
  reviewer: Identity,
  by: Decided,
): Promise<ItemsHandled | ItemRefusal> {
  const isBulk = asked.items.length > 1
  const commandOf = async ({ item, state }: LoadedItem): Promise<Decide> => ({
    type: 'Decide',
    reviewer,
    others: await holdersOf(desk, state),
    decision: asked.decision,
    reason: asked.reasons?.get(item.id) ?? asked.reason,
    request: `${asked.request}/${item.id}`,
    saw: asked.saws?.get(item.id) ?? asked.saw,
    bulk: isBulk ? asked.request : undefined,
    isReasonOwn: asked.reasons?.has(item.id) ?? false,
  })
  return commandOwnItems(desk, asked.items, reviewer, commandOf, by, isBulk ? checkBulk : undefined)
}

function checkBulk(loaded: readonly LoadedItem[]): ItemRefusal | undefined {
  const [first] = loaded
  if (first === undefined || first.campaign.status === 'draft') return undefined
  const { bulkMax } = first.campaign.definition
  if (loaded.length > bulkMax) return refusal('BULK_TOO_LARGE', `${loaded.length} items at once: this campaign allows ${bulkMax}`)
  const other = loaded.find(({ item }) => item.evidenceClass !== first.item.evidenceClass)
  if (other === undefined) return undefined
  return { ...refusal('MIXED_EVIDENCE' as const, 'only items whose evidence is of one class are decided together'), item: other.item.id }
} // prettier-ignore

/** Everybody in whose place somebody may review, by all names that are known now; asked only where somebody passed an item on. */
export async function holdersOf(
  desk: Pick<RecertificationDesk, 'directory' | 'summary'>,
  { reviewers, delegations }: ItemState,
): Promise<ReadonlyMap<Key, Identity>> {
  if (delegations.length === 0) return new Map()
  const keys = [...new Set([...reviewers, ...delegations.flatMap(({ from, to }) => [from, to])])]
  return desk.directory.identities(keys, await desk.summary.newest())
}
