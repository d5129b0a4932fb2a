import kafkajs, { type Admin, type Kafka, type KafkaConfig } from 'kafkajs'
import { clientLog } from './client-log.js'
import { registerCodecs } from './codecs.js'
import { consumeWith } from './consume.js'
import { produceWith } from './produce.js'
import type { KafkaConnection, KafkaLog } from './port.js'
import { asFirstError, asKafkaError } from './refusal.js'

/** Longest wait for a connection, ms. */
export const CONNECTION_TIMEOUT_MS = 5_000
/** Longest wait for an answer, ms. */
export const REQUEST_TIMEOUT_MS = 30_000

export interface KafkaOptions {
  /** `host:port`, one or several of the cluster. */
  readonly brokers: readonly string[]
  readonly clientId: string
  readonly log: KafkaLog
  /** true: TLS with the system's authorities; PEM texts where the cluster has its own, or wants a client certificate. */
  readonly tls?:
    true | { readonly ca?: string; readonly cert?: string; readonly key?: string; readonly servername?: string }
  readonly sasl?: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'
    readonly username: string
    readonly password: string
  }
  /** A member that is silent for longer loses its partitions; SESSION_TIMEOUT_MS. */
  readonly sessionTimeoutMs?: number
}

/** Nothing is sent before the first question or session; both reject while no broker answers, with KafkaRefused where a setting is wrong. */
export function connectKafka(options: KafkaOptions): KafkaConnection {
  registerCodecs()
  const kafka = new kafkajs.Kafka(clientConfig(options))
  const admin = lazyAdmin(kafka)
  return {
    clusterId: () => admin.ask(async (ask) => (await ask.describeCluster()).clusterId),
    topics: () => admin.ask((ask) => ask.listTopics()),
    earliestOffset: (topic, partition) => admin.ask((ask) => lowOffset(ask, topic, partition)),
    highWatermarks: (topic) => admin.ask((ask) => highOffsets(ask, topic)),
    consume: (consumption) => consumeWith(kafka, consumption, options.sessionTimeoutMs),
    producer: () => produceWith(kafka),
    close: () => admin.close(),
  }
}

function clientConfig({ brokers, clientId, log, tls, sasl }: KafkaOptions): KafkaConfig {
  return {
    clientId,
    brokers: [...brokers],
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // Whoever asks tries again, and says so; here only a hiccup is bridged.
    retry: { retries: 2, maxRetryTime: 1_000 },
    logLevel: kafkajs.logLevel.INFO,
    logCreator: clientLog(log),
    ...(tls === undefined ? {} : { ssl: tls === true ? true : { ...tls } }),
    ...(sasl === undefined ? {} : { sasl: sasl as NonNullable<KafkaConfig['sasl']> }),
  }
}

interface LazyAdmin {
  ask<Answer>(question: (admin: Admin) => Promise<Answer>): Promise<Answer>
  close(): Promise<void>
}

/** Connects with the first question, and anew after a question that failed. */
function lazyAdmin(kafka: Kafka): LazyAdmin {
  let connected: Promise<Admin> | undefined
  let hasAnswered = false
  const connect = async (): Promise<Admin> => {
    const admin = kafka.admin()
    await admin.connect()
    return admin
  }
  const close = async (): Promise<void> => {
    const closing = connected
    connected = undefined
    await closing?.then((admin) => admin.disconnect()).catch(() => undefined)
  }
  const ask = async <Answer>(question: (admin: Admin) => Promise<Answer>): Promise<Answer> => {
    try {
      connected ??= connect()
      const answer = await question(await connected)
      hasAnswered = true
      return answer
    } catch (error) {
      await close()
      throw hasAnswered ? asKafkaError(error) : asFirstError(error)
    }
  }
  return { ask, close }
}

async function lowOffset(admin: Admin, topic: string, partition: number): Promise<bigint> {
  const offsets = await admin.fetchTopicOffsets(topic)
  const found = offsets.find((one) => one.partition === partition)
  if (found === undefined) throw new Error(`topic ${topic} has no partition ${partition}`)
  return BigInt(found.low)
}

async function highOffsets(admin: Admin, topic: string): Promise<Map<number, bigint>> {
  const offsets = await admin.fetchTopicOffsets(topic)
  return new Map(offsets.map(({ partition, high }) => [partition, BigInt(high)]))
}
