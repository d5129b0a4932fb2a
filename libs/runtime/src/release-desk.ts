import { connectorFor } from '@catena/connectors'
import type { ReleaseDesk } from '@catena/ingest'
import { connectKafka, kafkaOptions, type KafkaLog } from '@catena/platform'
import type { Instance } from './instance.js'
import { topicsFor } from './topics.js'

/** What a release from quarantine is made with, for one use. Kafka is asked only where an entry came from there. */
export function openReleaseDesk(
  { ledger, keys, configuration, settings }: Pick<Instance, 'ledger' | 'keys' | 'configuration' | 'settings'>,
  asked: Pick<ReleaseDesk, 'actor' | 'pathOf' | 'mayRead'>,
  log: KafkaLog = () => undefined,
): { readonly desk: ReleaseDesk; close(): Promise<void> } {
  const kafka =
    settings.kafka === undefined ? undefined : connectKafka(kafkaOptions(settings.kafka, 'catena-release', log))
  const topics = new Map(topicsFor(configuration.sources).map(({ topic, defaultSource }) => [topic, defaultSource]))
  const desk: ReleaseDesk = {
    ledger,
    keys,
    connectorFor,
    sourceOf: (id) => configuration.sources.find((source) => source.id === id),
    defaultSourceOf: (topic) => topics.get(topic),
    kafka,
    ...asked,
  }
  return { desk, close: async () => kafka?.close() }
}
