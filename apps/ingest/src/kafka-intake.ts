import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common'
import { connectorFor } from '@catena/connectors'
import { openKafkaDoor, type KafkaDoor } from '@catena/ingest'
import { connectKafka, kafkaOptions, type KafkaSettings, type Logger } from '@catena/platform'
import { INSTANCE, LOGGER, Probes, topicsFor, type Instance } from '@catena/runtime'
import { kafkaReason } from './kafka-reason.js'

const GROUP_ID = 'catena-ingest'

/** The Kafka door, where brokers are configured. */
@Injectable()
export class KafkaIntake implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private door: KafkaDoor | undefined

  constructor(
    @Inject(INSTANCE) private readonly instance: Instance,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly probes: Probes,
  ) {}

  onApplicationBootstrap(): void {
    const { kafka } = this.instance.settings
    if (kafka === undefined) return
    const door = (this.door = this.open(kafka))
    this.probes.add(() => kafkaReason(door.status()))
  }

  private open(kafka: KafkaSettings): KafkaDoor {
    const log = (level: 'debug' | 'info' | 'warn' | 'error', message: string, fields?: object): void => {
      this.logger[level](fields ?? {}, message)
    }
    const { configuration, keys, ledger } = this.instance
    return openKafkaDoor({
      connection: connectKafka(kafkaOptions(kafka, 'catena-ingest', log)),
      groupId: GROUP_ID,
      topics: topicsFor(configuration.sources),
      sourceOf: (id) => configuration.sources.find((source) => source.id === id),
      connectorFor,
      keys,
      ledger,
      log,
    })
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.door?.close()
  }
}
