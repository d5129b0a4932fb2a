import { connectKafka, type ConsumedBatch, type ConsumerSession, type PartitionControl } from '@catena/platform'
import type { Got } from './delivery-stage.js'

/** A consumer of CloudEvents, from the beginning of a topic. */
export interface Consumed {
  readonly events: (Got & { readonly text: string })[]
  /** Resolves when everything that the topic holds now is consumed. */
  upToNow(): Promise<void>
  close(): Promise<void>
}

/** A membership that a fault ended is begun anew, as Catena's own door does. */
export async function consumeAll(brokers: readonly string[], topic: string): Promise<Consumed> {
  const connection = connectKafka({ brokers, clientId: 'spec', log: () => undefined })
  const [events, next] = [[] as Consumed['events'], new Map<number, bigint>()]
  let [isClosed, told] = [false, (): void => undefined]
  const onBatch = (batch: ConsumedBatch, control: PartitionControl): Promise<void> => {
    take(batch, control, events)
    next.set(batch.partition, (batch.messages.at(-1)?.offset ?? -1n) + 1n)
    told()
    return Promise.resolve()
  }
  const begin = (): Promise<ConsumerSession> => connection.consume({ groupId: `spec-${topic}`, topics: [topic], onBatch })
  let session = await begin()
  const watch = async (): Promise<void> => {
    while ((await session.ended) !== undefined && !isClosed) session = await begin()
  }
  void watch()
  const upToNow = async (): Promise<void> => {
    const marks = await connection.highWatermarks(topic)
    const isReached = (): boolean => [...marks].every(([partition, mark]) => (next.get(partition) ?? 0n) >= mark)
    await new Promise<void>((resolve) => {
      told = () => (isReached() ? resolve() : undefined)
      told()
    })
  }
  const close = async (): Promise<void> => {
    isClosed = true
    await session.stop()
    await connection.close()
  }
  return { events, upToNow, close }
} // prettier-ignore

function take({ messages }: ConsumedBatch, control: PartitionControl, events: Consumed['events']): void {
  for (const { value, offset } of messages) {
    if (value !== null) events.push(readCloudEvent(value.toString('utf8')))
    control.resolve(offset)
  }
}

function readCloudEvent(text: string): Consumed['events'][number] {
  const { catenaid, sequence, subject } = JSON.parse(text) as { catenaid: string; sequence: string; subject: string }
  return { id: catenaid, sequence: Number(sequence), credential: subject, text }
}
