import type { Instant } from '@catena/domain'
import type { Heartbeat, SharingException } from '../history/sharing-record.js'

/** A silent compensating control voids it (R3.7). */
export function isInForce({ from, until, compensations }: SharingException, at: Instant): boolean {
  return from <= at && at < until && compensations.every((each) => at < dueAt(each))
}

/** By when it must be heard of again; at once where it never was. */
export function dueAt({ lastHeardAt, heartbeatMs }: Heartbeat): Instant {
  return lastHeardAt === undefined ? -Infinity : lastHeardAt + heartbeatMs
}
