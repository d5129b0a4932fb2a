import type { Consumer, EachBatchPayload, IHeaders, Kafka } from 'kafkajs'
import type { Consumption, ConsumedBatch, ConsumerSession, PartitionControl } from './port.js'
import { asKafkaError } from './refusal.js'

/** A member that is silent for longer loses its partitions, ms. */
export const SESSION_TIMEOUT_MS = 30_000
/** How often a member reports at most, ms. */
export const HEARTBEAT_INTERVAL_MS = 3_000
/** Longest wait of the broker for something to fetch; leaving the group waits for it, ms. */
export const FETCH_WAIT_MS = 500
/** Longest pause between two tries of the client, ms: a lost broker is noticed, and told, within half a minute. */
export const RETRY_MAX_MS = 3_000
/** Most bytes of one partition in one fetch, as they are on the wire (compressed). */
export const FETCH_BYTES_MAX = 2 * 1024 * 1024

/**
 * One membership. It is never mended here: any fault that the client does not retry ends it, and whoever asked for it begins another.
 * Partitions without a committed offset begin at the earliest message.
 */
export async function consumeWith(
  kafka: Kafka,
  consumption: Consumption,
  sessionTimeoutMs = SESSION_TIMEOUT_MS,
): Promise<ConsumerSession> {
  const consumer = kafka.consumer({
    groupId: consumption.groupId,
    sessionTimeout: sessionTimeoutMs,
    heartbeatInterval: Math.min(HEARTBEAT_INTERVAL_MS, Math.floor(sessionTimeoutMs / 3)),
    maxBytesPerPartition: FETCH_BYTES_MAX,
    maxWaitTimeInMs: FETCH_WAIT_MS,
    allowAutoTopicCreation: false,
    retry: { retries: 5, maxRetryTime: RETRY_MAX_MS, restartOnFailure: () => Promise.resolve(false) },
  })
  const ended = outcome<Error | undefined>()
  consumer.on(consumer.events.CRASH, ({ payload }) => ended.resolve(asKafkaError(payload.error) as Error))
  try {
    await consumer.connect()
    await consumer.subscribe({ topics: [...consumption.topics], fromBeginning: true })
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: (payload) => consumption.onBatch(batchOf(payload), controlOf(consumer, payload)),
    })
  } catch (error) {
    await consumer.disconnect().catch(() => undefined)
    throw asKafkaError(error)
  }
  return {
    ended: ended.promise,
    commit: (topic, partition, next) => consumer.commitOffsets([{ topic, partition, offset: String(next) }]),
    async stop() {
      await consumer.disconnect()
      ended.resolve(undefined)
    },
  }
}

function batchOf({ batch }: EachBatchPayload): ConsumedBatch {
  return {
    topic: batch.topic,
    partition: batch.partition,
    highWatermark: BigInt(batch.highWatermark),
    messages: batch.messages.map(({ offset, value, headers }) => ({
      offset: BigInt(offset),
      value,
      headers: textHeaders(headers),
    })),
  }
}

function controlOf(consumer: Consumer, payload: EachBatchPayload): PartitionControl {
  const { topic, partition } = payload.batch
  return {
    heartbeat: () => payload.heartbeat(),
    isCurrent: () => payload.isRunning() && !payload.isStale(),
    resolve: (offset) => payload.resolveOffset(String(offset)),
    seek: (offset) => consumer.seek({ topic, partition, offset: String(offset) }),
    pause: () => void payload.pause(),
  }
}

const NO_HEADERS: Readonly<Record<string, string>> = {}

function textHeaders(headers: IHeaders | undefined): Readonly<Record<string, string>> {
  if (headers === undefined || Object.keys(headers).length === 0) return NO_HEADERS
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => {
      const last = Array.isArray(value) ? value.at(-1) : value
      return last === undefined ? [] : [[name, last.toString()]]
    }),
  )
}

function outcome<Value>(): { readonly promise: Promise<Value>; readonly resolve: (value: Value) => void } {
  let resolve: (value: Value) => void = () => undefined
  const promise = new Promise<Value>((settle) => (resolve = settle))
  return { promise, resolve }
}
