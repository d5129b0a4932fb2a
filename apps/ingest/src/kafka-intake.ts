import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common'
import { connectorFor } from '@catena/connectors'
import type { SourceInstance, SourceKind } from '@catena/domain'
import { openKafkaDoor, type KafkaDoor, type KafkaTopic } from '@catena/ingest'
import { connectKafka, type KafkaSettings, type Logger } from '@catena/platform'
import { INSTANCE, LOGGER, type Instance } from '@catena/runtime'

const GROUP_ID = 'catena-ingest'

/** Topics and the kinds of sources whose records they carry. */
const TOPICS: readonly { readonly topic: string; readonly kinds: readonly SourceKind[] }[] = [
  { topic: 'catena.vault', kinds: ['vault'] },
  { topic: 'catena.idp', kinds: ['keycloak', 'okta'] },
  { topic: 'catena.ci', kinds: ['github'] },
]

/** Where a topic can carry records of one configured source only, its messages need no header. */
export function topicsFor(sources: readonly SourceInstance[]): KafkaTopic[] {
  return TOPICS.map(({ topic, kinds }) => {
    const fitting = sources.filter((source) => kinds.includes(source.kind))
    return fitting.length === 1 && fitting[0] !== undefined ? { topic, defaultSource: fitting[0].id } : { topic }
  })
}

/** The Kafka door, where brokers are configured. */
@Injectable()
export class KafkaIntake implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private door: KafkaDoor | undefined

  constructor(
    @Inject(INSTANCE) private readonly instance: Instance,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    const { kafka } = this.instance.settings
    if (kafka !== undefined) this.door = this.open(kafka)
  }

  private open(kafka: KafkaSettings): KafkaDoor {
    const log = (level: 'debug' | 'info' | 'warn' | 'error', message: string, fields?: object): void => {
      this.logger[level](fields ?? {}, message)
    }
    const { configuration, keys, ledger } = this.instance
    return openKafkaDoor({
      connection: connectKafka({
        brokers: kafka.brokers,
        clientId: 'catena-ingest',
        log,
        ...(kafka.ssl ? { tls: true as const } : {}),
        ...(kafka.sasl === undefined ? {} : { sasl: kafka.sasl }),
      }),
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
