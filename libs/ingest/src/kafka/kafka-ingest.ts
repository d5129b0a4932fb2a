import type { Connector, Instant, JsonObject, SourceInstance, SourceKind } from '@catena/domain'
import type { Ledger } from '@catena/ledger'
import type { KafkaConnection, KafkaLog } from '@catena/platform'
import type { IntakeKeys } from '../pipeline/intake-keys.js'

/** Message header that names the source instance of one message; it wins over the topic's default. */
export const SOURCE_HEADER = 'catena-source'

export interface KafkaTopic {
  readonly topic: string
  /** Source instance of messages without a header. */
  readonly defaultSource?: string
}

export interface KafkaIngest {
  readonly connection: KafkaConnection
  readonly groupId: string
  readonly topics: readonly KafkaTopic[]
  readonly sourceOf: (id: string) => SourceInstance | undefined
  readonly connectorFor: (kind: SourceKind) => Connector
  readonly keys: IntakeKeys
  readonly ledger: Pick<Ledger, 'append' | 'laneOffset'>
  readonly log: KafkaLog
  readonly subjectsOf?: (record: JsonObject) => readonly string[]
  readonly now?: () => Instant
}
