import type { Instant } from '@catena/domain'

/** Where time comes from; tests bring their own. */
export interface Clock {
  now(): Instant
}

export const systemClock: Clock = { now: () => Date.now() }
