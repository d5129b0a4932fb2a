import type { Instant } from './time.js'

/** Tries of one thing before it is said to have failed. */
export const TRIES_MAX = 6
/** Wait before the second try, ms; each further one waits twice as long. */
const FIRST_WAIT_MS = 60_000

/** When something that failed for the given time, counted from 1, is tried again. */
export function nextTryAfter(failures: number, at: Instant): Instant {
  return at + FIRST_WAIT_MS * 2 ** (failures - 1)
}
