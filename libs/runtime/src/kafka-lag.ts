import { setTimeout as sleep } from 'node:timers/promises'
import type { LaneState } from '@catena/ledger'
import type { KafkaConnection } from '@catena/platform'

/** Longest wait for the brokers; an operator's question should not hang where they are away. */
const PATIENCE_MS = 5_000

/** Messages of a partition that are not in the ledger yet. */
export interface PartitionLag {
  readonly lane: string
  readonly topic: string
  readonly partition: number
  readonly messages: number
}

/** Of every partition of the topics, also of those that were never read. Undefined: the brokers do not tell, so nobody knows. */
export async function kafkaLag(
  connection: Pick<KafkaConnection, 'clusterId' | 'topics' | 'highWatermarks' | 'earliestOffset'>,
  topics: readonly string[],
  lanes: readonly LaneState[],
): Promise<PartitionLag[] | undefined> {
  const asked = readLag(connection, topics, lanes).catch(() => undefined)
  return Promise.race([asked, sleep(PATIENCE_MS, undefined, { ref: false })])
}

async function readLag(
  connection: Parameters<typeof kafkaLag>[0],
  topics: readonly string[],
  lanes: readonly LaneState[],
): Promise<PartitionLag[]> {
  const [clusterId, existing] = [await connection.clusterId(), new Set(await connection.topics())]
  const stands = new Map(lanes.map(({ lane, next }) => [lane, next]))
  const lags: PartitionLag[] = []
  for (const topic of topics.filter((one) => existing.has(one))) {
    for (const [partition, high] of await connection.highWatermarks(topic)) {
      const lane = `kafka:${clusterId}/${topic}/${partition}`
      const next = stands.get(lane) ?? (await connection.earliestOffset(topic, partition))
      lags.push({ lane, topic, partition, messages: Math.max(0, Number(high - next)) })
    }
  }
  return lags.sort((a, b) => a.topic.localeCompare(b.topic) || a.partition - b.partition)
}
