import { LaneMoved } from '@catena/ledger'
import type { KafkaLog, PartitionControl } from '@catena/platform'
import { setTimeout as sleep } from 'node:timers/promises'

export const RETRY_FIRST_MS = 250
export const RETRY_MAX_MS = 15_000
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
  log: KafkaLog,
  action: () => Promise<Result>,
  onWait: (isWaiting: boolean) => void,
): Promise<Result> {
  for (let attempt = 1, waitMs = RETRY_FIRST_MS; ; attempt += 1, waitMs = Math.min(2 * waitMs, RETRY_MAX_MS)) {
    try {
      const result = await action()
      if (attempt > 1) log('info', 'the ledger answers again')
      onWait(false)
      return result
    } catch (error) {
      if (error instanceof LaneMoved) throw error
      onWait(true)
      log('error', 'the ledger did not take a batch; nothing is lost, it is tried again', {
        error: error instanceof Error ? error.message : String(error),
        attempt,
        waitMs,
      })
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
