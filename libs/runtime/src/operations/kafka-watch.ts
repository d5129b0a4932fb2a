import { connectKafka, kafkaOptions, type KafkaConnection, type Logger, type Metrics } from '@catena/platform'
import { kafkaLag, type PartitionLag } from '../kafka-lag.js'
import type { Instance } from '../instance.js'
import { topicsFor } from '../topics.js'

/** Asks the brokers how far the ledger is behind them, where brokers are configured. Connects with the first question. */
export class KafkaWatch {
  private readonly connection: KafkaConnection | undefined
  private asked: Promise<PartitionLag[] | undefined> | undefined

  constructor(
    private readonly instance: Pick<Instance, 'settings' | 'configuration' | 'ledger'>,
    logger: Logger,
  ) {
    const { kafka } = instance.settings
    if (kafka === undefined) return
    // That Kafka cannot be reached is told by whoever reads it; here it only makes the lag unknown.
    this.connection = connectKafka(
      kafkaOptions(kafka, 'catena-lag', (_, message, fields) => logger.debug(fields ?? {}, message)),
    )
  }

  get isConfigured(): boolean {
    return this.connection !== undefined
  }

  /** Undefined: no brokers are configured, or none tells. Whoever asks meanwhile gets the same answer. */
  lag(): Promise<PartitionLag[] | undefined> {
    this.asked ??= this.ask().finally(() => (this.asked = undefined))
    return this.asked
  }

  private async ask(): Promise<PartitionLag[] | undefined> {
    if (this.connection === undefined) return undefined
    const topics = topicsFor(this.instance.configuration.sources).map(({ topic }) => topic)
    return kafkaLag(this.connection, topics, await this.instance.ledger.lanes())
  }

  async onApplicationShutdown(): Promise<void> {
    await this.connection?.close()
  }
}

export function measureKafka(metrics: Metrics, watch: KafkaWatch): void {
  if (!watch.isConfigured) return
  const help = 'Messages that are not in the ledger yet. Absent: the brokers do not tell.'
  metrics.gauge({ name: 'catena_kafka_lag_messages', help, labels: ['topic', 'partition'] }, async () =>
    ((await watch.lag()) ?? []).map(({ topic, partition, messages }) => ({
      labels: { topic, partition: String(partition) },
      value: messages,
    })),
  )
}
