import {
  correlationOf,
  withCorrelation,
  type ConsumerSession,
  type PartitionControl,
  type ConsumedBatch,
} from '@catena/platform'
import { setTimeout as sleep } from 'node:timers/promises'
import { addTallies, EMPTY_TALLY, type Tally } from '../batching/tally.js'
import type { KafkaIngest } from '../kafka/kafka-ingest.js'
import { Outage, RETRY_FIRST_MS } from '../kafka/outage.js'
import { PartitionIntake, stopMarkOf } from '../kafka/partition-intake.js'

/** How often the broker is told of the group's offsets, ms. Only lag tools need them. */
export const OFFSET_COMMIT_INTERVAL_MS = 5_000
/** How often topics that do not exist yet, and lanes that an operator closed, are looked for, ms. */
export const TOPIC_POLL_MS = 10_000

export interface KafkaDoorStatus {
  readonly isConsuming: boolean
  /** The ledger does not answer; batches wait. */
  readonly isLedgerWaitedFor: boolean
  readonly missingTopics: readonly string[]
  /** That is why nothing is read: at the last look the broker showed none of the topics, and they may only be hidden from Catena's user. */
  readonly seesNoTopic: boolean
  /** Partitions that are not read because their topic was truncated or created anew. */
  readonly stoppedLanes: readonly string[]
  readonly tally: Tally
}

/** Consumes until it is closed: broker and ledger may come and go. */
export interface KafkaDoor {
  status(): KafkaDoorStatus
  /** Resolves when the batch under way is committed and the group is left. */
  close(): Promise<void>
}

export function openKafkaDoor(ingest: KafkaIngest): KafkaDoor {
  const run = new KafkaRun(ingest)
  const done = run.consumeForever()
  return {
    status: () => run.status(),
    close: async () => {
      run.stop()
      await done
    },
  }
}

class KafkaRun {
  private readonly stopping = new AbortController()
  private readonly uncommitted = new Map<string, { topic: string; partition: number; next: bigint }>()
  private intake: PartitionIntake | undefined
  private earlier: Tally = EMPTY_TALLY
  private readonly brokerOutage: Outage
  private readonly ledgerOutage: Outage
  private underway: Promise<void> = Promise.resolve()
  private isConsuming = false
  private missingTopics: readonly string[] = []
  private seesNoTopic = false

  constructor(private readonly ingest: KafkaIngest) {
    this.brokerOutage = new Outage(ingest.log, {
      begins: 'Kafka cannot be read; trying again',
      lasts: 'Kafka still cannot be read; trying on',
      ends: 'Kafka can be read again',
    })
    this.ledgerOutage = new Outage(ingest.log, {
      begins: 'the ledger did not take a batch; nothing is lost, its partitions wait and it is tried again',
      lasts: 'the ledger still takes no batch; trying on',
      ends: 'the ledger answers again',
    })
  }

  stop(): void {
    this.stopping.abort()
  }

  status(): KafkaDoorStatus {
    const { isConsuming, missingTopics, seesNoTopic, intake, earlier } = this
    return {
      isConsuming,
      missingTopics,
      seesNoTopic,
      isLedgerWaitedFor: this.ledgerOutage.isOngoing,
      stoppedLanes: [...(intake?.stoppedLanes ?? [])],
      tally: intake === undefined ? earlier : addTallies(earlier, intake.tally),
    }
  }

  async consumeForever(): Promise<void> {
    while (!this.isStopping()) {
      const fault = await this.consumeOnce().catch((error: unknown) => {
        this.seesNoTopic = false
        return asError(error)
      })
      this.isConsuming = false
      if (this.isStopping()) break
      await this.pause(fault === undefined ? RETRY_FIRST_MS : this.brokerOutage.failed(fault, levelOf(fault)))
    }
    await this.ingest.connection.close()
  }

  /** One membership of the group, until it fails, is stopped, a topic appears that it does not cover, or a stopped lane was closed. */
  private async consumeOnce(): Promise<Error | undefined> {
    const { connection, groupId, log } = this.ingest
    const clusterId = await connection.clusterId()
    const topics = await this.existingTopics()
    this.seesNoTopic = topics.length === 0
    if (this.seesNoTopic)
      return new Error(
        `none of the topics exists, or Catena's user may Describe none of them: ${this.missingTopics.join(', ')}`,
      )
    this.earlier = this.status().tally
    const intake = new PartitionIntake(this.ingest, clusterId, this.ledgerOutage, (topic, partition, next) =>
      this.uncommitted.set(`${topic}/${partition}`, { topic, partition, next }),
    )
    this.intake = intake
    const session = await connection.consume({
      groupId,
      topics,
      onBatch: (batch, control) => this.take(intake, batch, control),
    })
    this.isConsuming = true
    this.brokerOutage.over()
    log('info', 'consuming from Kafka', { clusterId, groupId, topics, missingTopics: this.missingTopics })
    return this.consumeUntilEnd(session, intake)
  }

  private async consumeUntilEnd(session: ConsumerSession, intake: PartitionIntake): Promise<Error | undefined> {
    const over = new AbortController()
    const committing = this.commitRepeatedly(session, over.signal)
    try {
      return await Promise.race([session.ended, this.stopped(over.signal), this.moreToRead(intake, over.signal)])
    } finally {
      over.abort()
      await committing
      await this.underway
      await this.commitOffsets(session)
      await session
        .stop()
        .catch((error: unknown) =>
          this.ingest.log('debug', 'leaving the group failed', { error: asError(error).message }),
        )
    }
  }

  private async take(intake: PartitionIntake, batch: ConsumedBatch, control: PartitionControl): Promise<void> {
    if (this.isStopping()) return
    const current = { ...control, isCurrent: () => !this.isStopping() && control.isCurrent() }
    const taken = withCorrelation(correlationOf(), () => intake.take(batch, current))
    this.underway = taken.catch(() => undefined)
    await taken
  }

  private async existingTopics(): Promise<string[]> {
    const existing = new Set(await this.ingest.connection.topics())
    const wanted = this.ingest.topics.map(({ topic }) => topic)
    this.missingTopics = wanted.filter((topic) => !existing.has(topic))
    return wanted.filter((topic) => existing.has(topic))
  }

  /** Resolves when a topic appeared, or a stopped lane was closed: a new session reads it. */
  private async moreToRead(intake: PartitionIntake, over: AbortSignal): Promise<undefined> {
    const before = this.missingTopics.length
    for (;;) {
      await this.pause(TOPIC_POLL_MS, over)
      if (over.aborted) return
      // A broker that does not answer ends the session by itself; a ledger that does not is told of by the batches.
      if (before > 0) await this.existingTopics().catch(() => undefined)
      if (this.missingTopics.length < before || (await this.isLaneClosed(intake).catch(() => false))) return
    }
  }

  private async isLaneClosed({ stoppedLanes }: PartitionIntake): Promise<boolean> {
    for (const lane of stoppedLanes)
      if ((await this.ingest.ledger.laneOffset(stopMarkOf(lane))) === undefined) return true
    return false
  }

  private async commitRepeatedly(session: ConsumerSession, over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      await this.pause(OFFSET_COMMIT_INTERVAL_MS, over)
      await this.commitOffsets(session)
    }
  }

  private async commitOffsets(session: ConsumerSession): Promise<void> {
    const offsets = [...this.uncommitted.values()]
    this.uncommitted.clear()
    for (const { topic, partition, next } of offsets) {
      await session.commit(topic, partition, next).catch((error: unknown) =>
        // The partition may have gone to another member, which commits it then.
        this.ingest.log('debug', 'an offset was not committed to the broker', {
          topic,
          partition,
          error: asError(error).message,
        }),
      )
    }
  }

  private stopped(over: AbortSignal): Promise<undefined> {
    return new Promise((resolve) => {
      const settle = (): void => resolve(undefined)
      if (this.isStopping()) settle()
      this.stopping.signal.addEventListener('abort', settle, { once: true, signal: over })
    })
  }

  private async pause(waitMs: number, signal: AbortSignal = this.stopping.signal): Promise<void> {
    await sleep(waitMs, undefined, { signal }).catch(() => undefined)
  }

  private isStopping(): boolean {
    return this.stopping.signal.aborted
  }
}

/** A broker that has just started says so for some seconds; that is no fault. */
function levelOf({ message }: Error): 'info' | 'error' {
  return /coordinator is (?:loading|not available)/.test(message) ? 'info' : 'error'
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
