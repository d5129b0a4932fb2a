import type { Kafka, Producer } from 'kafkajs'
import type { ProducedMessage, ProducerSession } from './port.js'
import { asKafkaError } from './refusal.js'

/** Longest wait for the acknowledgement of all in-sync replicas, ms. */
export const PRODUCE_TIMEOUT_MS = 20_000

/**
 * An idempotent producer: what the client itself tries again is stored once. After a fault it begins anew, because the broker may have seen
 * more of its sequence than it knows; what was sent then may come again.
 */
export function produceWith(kafka: Kafka): ProducerSession {
  let connected: Promise<Producer> | undefined
  const connect = async (): Promise<Producer> => {
    const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false })
    await producer.connect()
    return producer
  }
  const close = async (): Promise<void> => {
    const closing = connected
    connected = undefined
    await closing?.then((producer) => producer.disconnect()).catch(() => undefined)
  }
  const send = async (topic: string, messages: readonly ProducedMessage[]): Promise<void> => {
    try {
      connected ??= connect()
      const producer = await connected
      await producer.send({ topic, acks: -1, timeout: PRODUCE_TIMEOUT_MS, messages: messages.map(toMessage) })
    } catch (error) {
      await close()
      throw asKafkaError(error)
    }
  }
  return { send, close }
}

function toMessage({ key, value, headers }: ProducedMessage): { key: string | null; value: string; headers: Record<string, string> } {
  return { key: key ?? null, value, headers: { ...headers } }
} // prettier-ignore
