import { LaneMoved } from '@catena/ledger'
import type { PartitionControl } from '@catena/platform'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Outage } from './outage.js'

/** The membership is kept up at least this often while the ledger is waited for, ms. */
const HEARTBEAT_EVERY_MS = 1_000

/** The partition is no longer ours to wait for; it is fetched again from where it was resolved. */
export class NotCurrent extends Error {}

/**
 * Repeats what the ledger could not do, with growing pauses, for as long as the partition is ours.
 * Throws LaneMoved and NotCurrent at once, and lets a rebalance noticed by the heartbeat pass.
 */
export async function patiently<Result>(
  control: PartitionControl,
  outage: Outage,
  action: () => Promise<Result>,
): Promise<Result> {
  for (;;) {
    let waitMs: number
    try {
      const result = await action()
      outage.over()
      return result
    } catch (error) {
      if (error instanceof LaneMoved) throw error
      waitMs = outage.failed(error)
    }
    await waitAlive(control, waitMs)
  }
}

async function waitAlive(control: PartitionControl, waitMs: number): Promise<void> {
  for (let left = waitMs; left > 0; left -= HEARTBEAT_EVERY_MS) {
    if (!control.isCurrent()) throw new NotCurrent()
    await sleep(Math.min(left, HEARTBEAT_EVERY_MS))
    if (!control.isCurrent()) throw new NotCurrent()
    await control.heartbeat()
  }
}
