import { setTimeout as sleep } from 'node:timers/promises'
import { KafkaTooLarge, type KafkaConnection } from '@catena/platform'
import { kafkaKey } from './kafka-key.js'
import { BatchRefused, ReceiverUnavailable, type ItemResult, type Outgoing, type Sink } from './sink.js'

/** Brokers take batches of at most 1 MiB unless they are set to more (`max.message.bytes`), whatever the size of one message. */
const SEND_BYTES_MAX = 900 * 1024
/** Longest wait at the end for requests under way. */
const CLOSE_WAIT_MS = 5_000

export function openKafkaSink(connection: KafkaConnection, topic: string, contentType: string): Sink {
  let producer = connection.producer()
  const abandoned = new Set<Promise<unknown>>()
  /**
   * What is given up may arrive all the same: under the same ids, and never before what went ahead of it. A client that is closed in the middle
   * of a request connects again to repeat it, so it is closed when the request has ended.
   */
  const giveUp = (sending: Promise<void>): void => {
    const old = producer
    const ended = sending.catch(() => undefined).then(() => old.close())
    abandoned.add(ended)
    void ended.finally(() => abandoned.delete(ended))
    producer = connection.producer()
  }
  const sendChunk = async (chunk: readonly Outgoing[], signal: AbortSignal): Promise<void> => {
    const sending = producer.send(topic, chunk.map((one) => messageOf(one, contentType)))
    try {
      await unlessAborted(sending, signal)
    } catch (error) {
      if (signal.aborted) giveUp(sending)
      if (error instanceof KafkaTooLarge) throw new BatchRefused(error.message)
      throw new ReceiverUnavailable((error as Error).message)
    }
  }
  return {
    unacknowledgedMax: 0,
    send: async (batch, signal) => {
      const results: ItemResult[] = []
      for (const chunk of chunksOf(batch)) {
        try {
          await sendChunk(chunk, signal)
        } catch (error) {
          // What came before is there; the next attempt begins behind it, and meets the fault first.
          if (results.length > 0) return results
          throw error
        }
        results.push(...chunk.map(() => 'delivered' as const))
      }
      return results
    },
    close: async () => {
      await Promise.race([Promise.all([...abandoned, producer.close()]), sleep(CLOSE_WAIT_MS, undefined, { ref: false })])
      await connection.close()
    },
  }
} // prettier-ignore

/** In order, each within what a broker takes at once; one event alone however large it is. */
function* chunksOf(batch: readonly Outgoing[]): Generator<readonly Outgoing[]> {
  let [from, bytes] = [0, 0]
  for (const [index, { text }] of batch.entries()) {
    const size = Buffer.byteLength(text)
    if (index > from && bytes + size > SEND_BYTES_MAX) {
      yield batch.slice(from, index)
      ;[from, bytes] = [index, 0]
    }
    bytes += size
  }
  if (from < batch.length) yield batch.slice(from)
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(new Error('the broker did not acknowledge in time'))
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

function messageOf({ event, text }: Outgoing, contentType: string): { key: string; value: string; headers: Record<string, string> } {
  return {
    key: kafkaKey(event.content),
    value: text,
    headers: { 'content-type': contentType, id: event.id, revision: String(event.revision), sequence: String(event.sequence) },
  }
} // prettier-ignore
