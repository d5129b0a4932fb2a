/** Messages of a Kafka partition that are not in the ledger yet. */
export interface LaneLag {
  readonly lane: string
  readonly messages: number
}

/** Asks the brokers; undefined: none is configured, or none tells. */
export type ReadKafkaLag = () => Promise<readonly LaneLag[] | undefined>

/** Under which a ReadKafkaLag is provided. */
export const KAFKA_LAG = Symbol('kafka lag')
