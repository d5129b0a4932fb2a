import { randomUUID } from 'node:crypto'
import type { KafkaConnection } from '@catena/platform'
import { OffsetSearch, type MessageAt, type PartitionBounds } from './offset-search.js'

/** Longest wait for the next fetch of a partition that holds what is asked for. */
export const FETCH_TIMEOUT_MS = 30_000
/** Consumer groups of releases begin like this; they commit nothing, so the broker forgets them. */
export const RELEASE_GROUP_PREFIX = 'catena-release-'

/** Single messages of a partition, by offset, beside all other consumers. Rejects where the broker does not answer. */
export async function readMessages(
  connection: KafkaConnection,
  topic: string,
  partition: number,
  offsets: readonly bigint[],
): Promise<ReadonlyMap<bigint, MessageAt>> {
  const search = new OffsetSearch(offsets, await boundsOf(connection, topic, partition))
  if (!search.isDone) await consumeUntilDone(connection, topic, partition, search)
  return search.found
}

async function boundsOf(
  connection: KafkaConnection,
  topic: string,
  partition: number,
): Promise<PartitionBounds | undefined> {
  if (!(await connection.topics()).includes(topic)) return undefined
  const high = (await connection.highWatermarks(topic)).get(partition)
  return high === undefined ? undefined : { low: await connection.earliestOffset(topic, partition), high }
}

async function consumeUntilDone(
  connection: KafkaConnection,
  topic: string,
  partition: number,
  search: OffsetSearch,
): Promise<void> {
  const patience = new Patience(
    `Kafka gave nothing of ${topic}/${partition} for ${FETCH_TIMEOUT_MS / 1000} s: try again`,
  )
  const session = await connection.consume({
    groupId: `${RELEASE_GROUP_PREFIX}${randomUUID()}`,
    topics: [topic],
    onBatch: (batch, control) => {
      if (batch.partition !== partition) control.pause()
      else search.take(batch, control)
      if (search.isDone) patience.end()
      else patience.renew()
      return Promise.resolve()
    },
  })
  void session.ended.then((fault) => patience.end(fault ?? new Error('the Kafka session ended early: try again')))
  try {
    await patience.over
  } finally {
    await session.stop()
  }
}

/** Waits for an end, and gives up when nothing happens for FETCH_TIMEOUT_MS. */
class Patience {
  readonly over: Promise<void>
  private settle: (fault?: Error) => void = () => undefined
  private timer: NodeJS.Timeout | undefined

  constructor(private readonly complaint: string) {
    this.over = new Promise((resolve, reject) => {
      this.settle = (fault) => (fault === undefined ? resolve() : reject(fault))
    })
    this.over.catch(() => undefined)
    this.renew()
  }

  renew(): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.end(new Error(this.complaint)), FETCH_TIMEOUT_MS)
  }

  end(fault?: Error): void {
    clearTimeout(this.timer)
    this.settle(fault)
  }
}
