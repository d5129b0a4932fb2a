import type { Instant, Key } from '@catena/domain'
import type { RecordedDecision } from '@catena/ledger'
import type { ItemEvent } from '../item/events.js'
import type { CastVote, ItemState } from '../item/state.js'
import type { FrozenItem } from '../population/frozen-item.js'

/** One item with all that the ledger says of it, up to a position. */
export interface ItemFacts {
  readonly item: FrozenItem
  readonly state: ItemState
  readonly votes: readonly CastVote[]
  readonly opened: readonly { readonly reviewer: Key; readonly at: Instant }[]
  /** Tries that were refused, by their code. */
  readonly refused: readonly string[]
  readonly conflictsFound: number
  readonly orderedAt: Instant | undefined
  readonly verifiedAt: Instant | undefined
  readonly regressions: number
}

export function itemFacts(item: FrozenItem, state: ItemState, history: readonly RecordedDecision[]): ItemFacts {
  const events = history.map(({ event, by }) => ({ event: event as unknown as ItemEvent, at: by.at }))
  const times = (type: ItemEvent['type']): Instant[] => events.filter(({ event }) => event.type === type).map(({ at }) => at)
  return {
    item,
    state,
    votes: events.flatMap(({ event, at }) => (event.type === 'ReviewDecided' ? [{ ...event.data, at }] : [])),
    opened: events.flatMap(({ event, at }) => (event.type === 'ReviewEvidenceOpened' ? [{ reviewer: event.data.reviewer, at }] : [])),
    refused: events.flatMap(({ event }) => (event.type === 'ReviewDecisionRefused' ? [event.data.code] : [])),
    conflictsFound: times('ReviewConflictFound').length,
    orderedAt: times('RemediationOrdered')[0],
    verifiedAt: times('RemediationVerified').at(-1),
    regressions: times('AccessRegressed').length,
  }
} // prettier-ignore
