import type { FeedEvent } from '../feed/event.js'

/** An event as it goes out. */
export interface Outgoing {
  readonly event: FeedEvent
  /** One line of the destination's format. */
  readonly text: string
}

/** What became of one event. `refused`: it will never be taken. */
export type ItemResult = 'delivered' | { readonly refused: string }

/** The receiver cannot take anything now, or nothing is known of what was sent: try again later, from the same place. */
export class ReceiverUnavailable extends Error {
  constructor(
    message: string,
    /** As the receiver asked. */
    readonly retryAfterMs?: number,
  ) {
    super(message)
    this.name = 'ReceiverUnavailable'
  }
}

/** The receiver refused these events together, for what is in at least one of them. */
export class BatchRefused extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'BatchRefused'
  }
}

/** The receiver wants nothing any more, or sending there is not allowed: stop until a person resumes. */
export class DestinationClosed extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'DestinationClosed'
  }
}

/** One way out. Never called twice at once. */
export interface Sink {
  /**
   * Sends in order and resolves with what became of each event once the receiver has acknowledged, or where it cannot, once the bytes left.
   * Throws ReceiverUnavailable, BatchRefused, DestinationClosed. Gives up when the signal aborts.
   */
  send(batch: readonly Outgoing[], signal: AbortSignal): Promise<readonly ItemResult[]>
  /** Events to send again after a lost connection, because the receiver acknowledges none. */
  readonly unacknowledgedMax: number
  /** Throws ReceiverUnavailable where the connection was lost since the last event, and what it carried may be with it. Asked while nothing is sent. */
  requireConnected?(): void
  close(): Promise<void>
}

/** The secret as it is at this moment. */
export type ReadSecret = () => Promise<string>

export function allDelivered(batch: readonly Outgoing[]): readonly ItemResult[] {
  return batch.map(() => 'delivered')
}
