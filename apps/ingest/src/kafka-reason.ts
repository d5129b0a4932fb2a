import type { KafkaDoorStatus } from '@catena/ingest'

/** Why records from Kafka wait; undefined: they do not. The process stays ready, because the other doors work. */
export function kafkaReason(
  status: Pick<KafkaDoorStatus, 'isConsuming' | 'isLedgerWaitedFor' | 'stoppedLanes' | 'missingTopics' | 'seesNoTopic'>,
): string | undefined {
  const { isConsuming, isLedgerWaitedFor, stoppedLanes, missingTopics, seesNoTopic } = status
  if (stoppedLanes.length > 0) return `not read until an operator decides: ${stoppedLanes.join(', ')}`
  if (isLedgerWaitedFor) return 'records from Kafka wait for the database'
  if (isConsuming) return undefined
  return seesNoTopic
    ? `Kafka is not read: no topic is there, or may be seen, of ${missingTopics.join(', ')}`
    : 'Kafka is not read: see the log'
}
