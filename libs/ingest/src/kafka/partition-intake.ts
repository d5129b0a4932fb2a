import { LaneMoved, type LaneAdvance } from '@catena/ledger'
import type { ConsumedBatch, ConsumedMessage, PartitionControl } from '@catena/platform'
import { BATCH_BYTES_MAX, BATCH_RECORDS_MAX } from '../batching/batcher.js'
import { addCommitted, EMPTY_TALLY, type Tally } from '../batching/tally.js'
import { collect, type PreparedRecords } from '../pipeline/prepare.js'
import type { KafkaIngest } from './kafka-ingest.js'
import { Outage } from './outage.js'
import { NotCurrent, patiently } from './patience.js'
import { messagePreparer, type MessagePreparer } from './prepare-message.js'

/** Where a lane begins in a fetched batch. */
interface Start {
  /** Undefined: the lane is new. */
  readonly expected: bigint | undefined
  /** First offset that is not accounted for yet. */
  readonly from: bigint
}

/** Takes fetched batches into the ledger. The lane's offset in the ledger is the truth; the broker's is asked for nothing. */
export class PartitionIntake {
  tally: Tally = EMPTY_TALLY
  /** Lanes that are not read because their topic is not the one that was read before. */
  readonly stoppedLanes = new Set<string>()
  private readonly soughtOffsets = new Map<string, bigint>()
  private readonly preparers = new Map<string, MessagePreparer>()

  constructor(
    private readonly ingest: KafkaIngest,
    private readonly clusterId: string,
    private readonly ledgerOutage: Outage,
    private readonly onTaken: (topic: string, partition: number, next: bigint) => void,
  ) {}

  async take(batch: ConsumedBatch, control: PartitionControl): Promise<void> {
    const lane = `kafka:${this.clusterId}/${batch.topic}/${batch.partition}`
    try {
      const stands = await this.patiently(control, () => this.ingest.ledger.laneOffset(lane))
      if (await this.isStopped(control, lane)) return
      const start = await this.startIn(batch, control, lane, stands)
      if (start !== undefined) await this.takeFrom(start, batch, control, lane)
    } catch (error) {
      if (error instanceof NotCurrent) return
      if (!(error instanceof LaneMoved)) throw error
      this.ingest.log('warn', 'another consumer has moved the lane; reading goes on from there', {
        lane,
        stands: String(error.stands),
      })
      if (error.stands !== undefined) control.seek(error.stands)
    }
  }

  /** Undefined where this batch is not the one to take: the right one is fetched next, or none. */
  private async startIn(
    batch: ConsumedBatch,
    control: PartitionControl,
    lane: string,
    stands: bigint | undefined,
  ): Promise<Start | undefined> {
    const first = batch.messages[0]?.offset
    const last = batch.messages.at(-1)?.offset
    if (first === undefined || last === undefined) return undefined
    if (stands !== undefined && stands > batch.highWatermark) {
      // Only the broker's answer of now counts: since this batch was fetched, another member may have read what came later.
      const end = (await this.ingest.connection.highWatermarks(batch.topic)).get(batch.partition)
      if (end === undefined || end >= stands) control.seek(stands)
      else await this.stopLane(control, lane, { stands, end })
      return undefined
    }
    if (stands !== undefined && last < stands) {
      control.seek(stands)
      return undefined
    }
    if (stands !== undefined && first <= stands) return { expected: stands, from: stands }
    const earliest = await this.ingest.connection.earliestOffset(batch.topic, batch.partition)
    const from = stands === undefined || earliest > stands ? earliest : stands
    if (first > from && this.soughtOffsets.get(lane) !== from) {
      // The group's offset on the broker is ahead of the ledger, or these offsets are empty: asking for them tells which.
      this.soughtOffsets.set(lane, from)
      control.seek(from)
      return undefined
    }
    if (stands !== undefined && earliest > stands) {
      this.ingest.log('error', 'the broker deleted messages before they were read', {
        lane,
        from: String(stands),
        to: String(earliest),
      })
    }
    return { expected: stands, from: stands ?? from }
  }

  /** Stopped by whichever member saw it, and for good: the new topic may have grown past the old offset by the time of another look. */
  private async isStopped(control: PartitionControl, lane: string): Promise<boolean> {
    const mark = await this.patiently(control, () => this.ingest.ledger.laneOffset(stopMarkOf(lane)))
    if (mark === undefined) return false
    control.pause()
    if (!this.stoppedLanes.has(lane)) this.tellStopped(lane, { stands: String(mark) })
    return true
  }

  private async stopLane(
    control: PartitionControl,
    lane: string,
    { stands, end }: { readonly stands: bigint; readonly end: bigint },
  ): Promise<void> {
    control.pause()
    const advance = { lane: stopMarkOf(lane), expected: undefined, first: stands, next: stands, holes: 0 }
    const mark = (): Promise<unknown> => this.ingest.ledger.append({ records: [], quarantined: [], advance })
    await this.patiently(control, mark).catch((error: unknown) => {
      // Another member marked it at the same time.
      if (!(error instanceof LaneMoved)) throw error
    })
    // Only what the ledger holds outlives this process, so it is told after that.
    this.tellStopped(lane, { stands: String(stands), highWatermark: String(end) })
  }

  private tellStopped(lane: string, fields: Readonly<Record<string, string>>): void {
    this.stoppedLanes.add(lane)
    this.ingest.log(
      'error',
      'the topic was truncated or created anew: this partition is not read until an operator closes its lane (docs/operations.md)',
      { lane, ...fields },
    )
  }

  private async takeFrom(start: Start, batch: ConsumedBatch, control: PartitionControl, lane: string): Promise<void> {
    const prepare = this.preparerOf(batch.topic)
    let { expected, from } = start
    for (const chunk of chunksOf(batch.messages.filter(({ offset }) => offset >= start.from))) {
      if (!control.isCurrent()) return
      const next = (chunk.at(-1)?.offset ?? from) + 1n
      const prepared = this.prepareAll(chunk, batch.partition, prepare)
      const held = prepared.records.length + prepared.quarantined.length
      const first = expected === undefined ? { first: from } : {}
      await this.append(prepared, { lane, expected, next, holes: Number(next - from) - held, ...first }, control)
      // What the next fetch leaves out behind this is empty: compacted, or a transaction's marker.
      this.soughtOffsets.set(lane, next)
      this.onTaken(batch.topic, batch.partition, next)
      control.resolve(next - 1n)
      await control.heartbeat()
      expected = from = next
    }
  }

  private prepareAll(chunk: readonly ConsumedMessage[], partition: number, prepare: MessagePreparer): PreparedRecords {
    const all: PreparedRecords = { records: [], quarantined: [], unclassified: new Set() }
    const receivedAt = (this.ingest.now ?? Date.now)()
    for (const message of chunk) {
      const prepared = prepare(message, partition, receivedAt)
      if (prepared !== undefined) collect(all, prepared)
    }
    return all
  }

  private async append(prepared: PreparedRecords, advance: LaneAdvance, control: PartitionControl): Promise<void> {
    const { records, quarantined, unclassified } = prepared
    const outcome = await this.patiently(control, () => this.ingest.ledger.append({ records, quarantined, advance }))
    this.tally = addCommitted(this.tally, { outcome, unclassified, holes: advance.holes })
  }

  private patiently<Result>(control: PartitionControl, action: () => Promise<Result>): Promise<Result> {
    return patiently(control, this.ledgerOutage, action)
  }

  private preparerOf(topic: string): MessagePreparer {
    const known = this.preparers.get(topic)
    if (known !== undefined) return known
    const preparer = messagePreparer(this.ingest, topic)
    this.preparers.set(topic, preparer)
    return preparer
  }
}

/** A lane of this name in the ledger says that the lane is stopped, and where it stood. */
export function stopMarkOf(lane: string): string {
  return `stopped:${lane}`
}

function* chunksOf(messages: readonly ConsumedMessage[]): Generator<ConsumedMessage[]> {
  let chunk: ConsumedMessage[] = []
  let sizeBytes = 0
  for (const message of messages) {
    chunk.push(message)
    sizeBytes += message.value?.length ?? 0
    if (chunk.length < BATCH_RECORDS_MAX && sizeBytes < BATCH_BYTES_MAX) continue
    yield chunk
    chunk = []
    sizeBytes = 0
  }
  if (chunk.length > 0) yield chunk
}
