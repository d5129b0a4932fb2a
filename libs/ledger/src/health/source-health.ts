import type { Instant, SourceInstance } from '@catena/domain'
import type { IntakeCounts } from '../port.js'

/**
 * Whether a source is alive. Without a declared heartbeat no silence can be told from peace, so it is `unknown`, never healthy; a source of
 * which nothing readable ever came is `never-heard`, whatever it declares.
 */
export type SourceStatus = 'healthy' | 'silent' | 'never-heard' | 'unknown'

export interface SourceHealth {
  readonly status: SourceStatus
  /**
   * Newest moment that a record tells of and that is not after its receipt: a clock that is ahead proves no later life. Of a source that
   * writes no times, the last receipt.
   */
  readonly heardAt: Instant | undefined
  readonly lastReceivedAt: Instant | undefined
  /** Newest time that its records bear, none counted as later than its receipt. */
  readonly lastOccurredAt: Instant | undefined
}

/** `counts`: of this source, all its lanes. */
export function sourceHealth(
  instance: Pick<SourceInstance, 'heartbeatSeconds'> | undefined,
  counts: readonly IntakeCounts[],
  now: Instant,
): SourceHealth {
  const lastReceivedAt = latest(counts.map((lane) => lane.lastReceivedAt))
  const lastOccurredAt = latest(counts.map((lane) => lane.lastOccurredAt))
  const isReadable = counts.some(({ stored }) => stored > 0)
  const heardAt =
    lastReceivedAt === undefined || !isReadable ? undefined : Math.min(lastReceivedAt, lastOccurredAt ?? lastReceivedAt)
  return {
    status: statusOf(heardAt, instance?.heartbeatSeconds, now),
    heardAt,
    lastReceivedAt,
    lastOccurredAt,
  }
}

/** Must somebody look? A source that declares a heartbeat and is not heard; what declares none promises nothing. */
export function needsAttention(
  { status }: Pick<SourceHealth, 'status'>,
  instance: Pick<SourceInstance, 'heartbeatSeconds'> | undefined,
): boolean {
  return status === 'silent' || (status === 'never-heard' && instance?.heartbeatSeconds !== undefined)
}

function statusOf(heardAt: Instant | undefined, heartbeatSeconds: number | undefined, now: Instant): SourceStatus {
  if (heardAt === undefined) return 'never-heard'
  if (heartbeatSeconds === undefined) return 'unknown'
  return now - heardAt > heartbeatSeconds * 1000 ? 'silent' : 'healthy'
}

function latest(instants: readonly (Instant | undefined)[]): Instant | undefined {
  const known = instants.filter((instant) => instant !== undefined)
  return known.length === 0 ? undefined : Math.max(...known)
}
