import { connectKafka, kafkaOptions, type KafkaConnection, type Logger, type Settings } from '@catena/platform'

/** How to connect to the brokers of the settings under a name; undefined where none are configured. */
export function kafkaFor(
  { kafka }: Pick<Settings, 'kafka'>,
  clientId: string,
  logger: Logger,
): (() => KafkaConnection) | undefined {
  if (kafka === undefined) return undefined
  const options = kafkaOptions(kafka, clientId, (level, message, fields) => logger[level](fields ?? {}, message))
  return () => connectKafka(options)
}
