import type { Instant } from '@catena/domain'
import type { FeedEvent } from '../feed/event.js'
import type { Outgoing } from '../sinks/sink.js'
import type { DeadLetter } from './checkpoint.js'
import type { Destination } from './destinations/destination.js'
import { matches } from './matches.js'
import { isRefused, prepare } from './prepare.js'

/** Events of the feed that were read together, and what of them goes out to a destination. */
export interface Batch {
  readonly events: readonly FeedEvent[]
  readonly outgoing: readonly Outgoing[]
  readonly refused: readonly DeadLetter[]
  /** The send time that the texts name. */
  readonly at: Instant
}

export function prepareBatch(
  destination: Pick<Destination, 'filter' | 'format' | 'eventBytesMax' | 'kind'>,
  events: readonly FeedEvent[],
  at: Instant,
): Batch {
  const [outgoing, refused]: [Outgoing[], DeadLetter[]] = [[], []]
  for (const event of events) {
    if (!matches(destination.filter, event)) continue
    const prepared = prepare(destination, event, at)
    if (isRefused(prepared)) refused.push({ event, reason: prepared.refused })
    else outgoing.push(prepared)
  }
  return { events, outgoing, refused, at }
}
