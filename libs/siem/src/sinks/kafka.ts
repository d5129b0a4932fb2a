import type { KafkaConnection } from '@catena/platform'
import { allDelivered, ReceiverUnavailable, type Outgoing, type Sink } from './sink.js'

/** The key is the credential, so that one credential's events stay in order; what is about none goes by its source. */
export function openKafkaSink(connection: KafkaConnection, topic: string, contentType: string): Sink {
  const producer = connection.producer()
  return {
    unacknowledgedMax: 0,
    send: async (batch) => {
      try {
        await producer.send(topic, batch.map((one) => messageOf(one, contentType)))
      } catch (error) {
        throw new ReceiverUnavailable((error as Error).message)
      }
      return allDelivered(batch)
    },
    close: async () => {
      await producer.close()
      await connection.close()
    },
  }
} // prettier-ignore

function messageOf({ event, text }: Outgoing, contentType: string): { key: string; value: string; headers: Record<string, string> } {
  const { credential, source } = event.content
  return {
    key: credential?.id ?? (credential === undefined ? source : `${credential.system}/${credential.container ?? ''}${credential.path}`),
    value: text,
    headers: { 'content-type': contentType, id: event.id, revision: String(event.revision), sequence: String(event.sequence) },
  }
} // prettier-ignore
