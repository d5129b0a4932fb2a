import { randomUUID } from 'node:crypto'
import type { DecisionStreams, NewDecision } from '@catena/ledger'
import type { Clock } from '@catena/platform'
import { EVIDENCE_READ, READS_STREAM_PREFIX, type EvidenceRead } from './evidence-read.js'

/** Reads of one transaction at most. */
const BATCH_READS_MAX = 500
/** Then a new stream is begun, so that none grows without end. */
const STREAM_EVENTS_MAX = 10_000

interface Waiting {
  readonly event: NewDecision
  readonly done: () => void
  readonly fail: (error: unknown) => void
}

/**
 * Writes into the ledger who read what. Reads that arrive while a transaction is under way share the next one. This recorder is the only
 * writer of its stream, so versions never conflict; after a failure it begins another, because nobody knows how far the old one came.
 */
export class ReadRecorder {
  private stream = newStream()
  private version = 0
  private waiting: Waiting[] = []
  private isWriting = false

  constructor(
    private readonly streams: Pick<DecisionStreams, 'appendDecisions'>,
    private readonly clock: Clock,
  ) {}

  /** Resolves when the read is durable; rejects where it may not be: then nothing must be shown. */
  record(read: EvidenceRead): Promise<void> {
    return new Promise((done, fail) => {
      this.waiting.push({ event: eventOf(read, this.clock.now()), done, fail })
      if (!this.isWriting) void this.write()
    })
  }

  private async write(): Promise<void> {
    this.isWriting = true
    // Whoever asks in the same turn comes along.
    await Promise.resolve()
    while (this.waiting.length > 0) await this.writeBatch(this.waiting.splice(0, BATCH_READS_MAX))
    // In the same turn as the look above: who comes later begins anew.
    this.isWriting = false
  }

  private async writeBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      const events = batch.map(({ event }) => event)
      const { version } = await this.streams.appendDecisions(this.stream, this.version, events)
      this.version = version
      if (version >= STREAM_EVENTS_MAX) this.begin()
      for (const one of batch) one.done()
    } catch (error) {
      this.begin()
      for (const one of batch) one.fail(error)
    }
  }

  private begin(): void {
    this.stream = newStream()
    this.version = 0
  }
}

function newStream(): string {
  return `${READS_STREAM_PREFIX}${randomUUID()}`
}

function eventOf({ caller, ...data }: EvidenceRead, now: number): NewDecision {
  const payload = Buffer.from(JSON.stringify(data))
  return { type: EVIDENCE_READ, schemaVersion: 1, occurredAt: now, actor: caller, payload, subjects: [] }
}
