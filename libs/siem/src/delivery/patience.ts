/** How long a sender waits, and when it stops trying whole batches. Tests shorten it. */
export interface Patience {
  readonly firstWaitMs: number
  readonly waitMaxMs: number
  /** After so many failures in a row only one event is tried at a time, until one succeeds. */
  readonly breakerFailures: number
  /** Longest run of one attempt. */
  readonly attemptMs: number
  readonly heartbeatEveryMs: number
}

export const PATIENCE: Patience = {
  firstWaitMs: 1_000,
  waitMaxMs: 60_000,
  breakerFailures: 5,
  attemptMs: 90_000,
  heartbeatEveryMs: 60_000,
}

/** Doubles with each failure, less a random part of up to a half, so that senders do not come back all at once. `random`: 0 to 1. */
export function waitAfter({ firstWaitMs, waitMaxMs }: Patience, failures: number, random: number): number {
  return Math.min(firstWaitMs * 2 ** (failures - 1), waitMaxMs) * (1 - random / 2)
}
