import type { KafkaDoorStatus } from '@catena/ingest'

/** Why records from Kafka wait; undefined: they do not. The process stays ready, because the other doors work. */
export function kafkaReason(
  status: Pick<KafkaDoorStatus, 'isConsuming' | 'isLedgerWaitedFor' | 'stoppedLanes' | 'missingTopics'>,
): string | undefined {
  const { isConsuming, isLedgerWaitedFor, stoppedLanes, missingTopics } = status
  if (stoppedLanes.length > 0) return `not read until an operator decides: ${stoppedLanes.join(', ')}`
  if (isLedgerWaitedFor) return 'records from Kafka wait for the database'
  if (isConsuming) return undefined
  return missingTopics.length > 0
    ? `Kafka is not read: there is no topic ${missingTopics.join(', ')}`
    : 'Kafka is not read: see the log'
}
