/** One message of a partition. */
export interface ConsumedMessage {
  readonly offset: bigint
  /** null: a tombstone. */
  readonly value: Buffer | null
  readonly headers: Readonly<Record<string, string>>
}

/** What one fetch gave of a partition, ascending; offsets may have holes. */
export interface ConsumedBatch {
  readonly topic: string
  readonly partition: number
  /** Offset behind the last message of the partition. */
  readonly highWatermark: bigint
  readonly messages: readonly ConsumedMessage[]
}

/** What a batch's consumer may do about its partition. */
export interface PartitionControl {
  /** Keeps the membership; throws while the group rebalances: let that pass, the partition comes again or goes to another member. */
  heartbeat(): Promise<void>
  /** False once the session stops or the partition was sought elsewhere: leave the batch then. */
  isCurrent(): boolean
  /** The messages up to this offset are dealt with. What is not resolved is fetched again. */
  resolve(offset: bigint): void
  /** The next fetch begins here. */
  seek(offset: bigint): void
  /** No more of this partition in this session. */
  pause(): void
}

export interface Consumption {
  readonly groupId: string
  readonly topics: readonly string[]
  /** One partition at a time, in order. */
  readonly onBatch: (batch: ConsumedBatch, control: PartitionControl) => Promise<void>
}

/** One membership of a consumer group. */
export interface ConsumerSession {
  /** Resolves when the membership is over: with the fault, or undefined after `stop`. */
  readonly ended: Promise<Error | undefined>
  /** Tells the broker how far the group is, for tools that show lag. Rejects while the group rebalances. */
  commit(topic: string, partition: number, next: bigint): Promise<void>
  /** Waits for the batch under way. */
  stop(): Promise<void>
}

export interface ProducedMessage {
  /** Messages of one key stay in order. */
  readonly key: string | undefined
  readonly value: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface ProducerSession {
  /** Resolves when all in-sync replicas have the messages. Rejects with KafkaRefused where a setting is wrong; works again afterwards. */
  send(topic: string, messages: readonly ProducedMessage[]): Promise<void>
  close(): Promise<void>
}

/** All that Catena asks of a Kafka client, so that the client can be replaced. Offsets of the broker are hints: the ledger decides. */
export interface KafkaConnection {
  /** Id that the brokers share; a recreated cluster has another. */
  clusterId(): Promise<string>
  topics(): Promise<string[]>
  /** First offset that the broker still has, per partition. */
  earliestOffset(topic: string, partition: number): Promise<bigint>
  /** Offset behind the last message of each partition of a topic. */
  highWatermarks(topic: string): Promise<ReadonlyMap<number, bigint>>
  consume(consumption: Consumption): Promise<ConsumerSession>
  /** Connects with the first message. */
  producer(): ProducerSession
  /** Ends the connection that answers questions; sessions are stopped by themselves. */
  close(): Promise<void>
}

export type KafkaLog = (
  level: 'debug' | 'info' | 'warn' | 'error',
  message: string,
  fields?: Readonly<Record<string, unknown>>,
) => void
