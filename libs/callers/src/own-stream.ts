import { randomUUID } from 'node:crypto'
import type { AppendManner, DecisionStreams, NewDecision } from '@catena/ledger'

/** Events of one transaction at most. */
const BATCH_EVENTS_MAX = 500
/** Then a new stream is begun, so that none grows without end. */
const STREAM_EVENTS_MAX = 10_000

/** Longest wait for events that are about to come, ms. */
const GATHER_MS = 10

interface Waiting {
  readonly event: NewDecision
  readonly done: () => void
  readonly fail: (error: unknown) => void
}

/**
 * Streams that this process alone writes, so versions never conflict; after a failure it begins another, because nobody knows how far the old
 * one came. Events that arrive while a transaction is under way share the next one, and so do those that come while it waits for them.
 */
export class OwnStream {
  private stream: string
  private version = 0
  private waiting: Waiting[] = []
  private isWriting = false
  /** Present while others are waited for. */
  private gathered: (() => void) | undefined

  constructor(
    private readonly streams: Pick<DecisionStreams, 'appendDecisions'>,
    private readonly prefix: string,
    /** How many more may be about to come; a transaction waits a moment for them. */
    private readonly comingSoon: () => number = () => 0,
    private readonly manner: AppendManner = {},
  ) {
    this.stream = this.newStream()
  }

  /** Resolves when the event is durable; rejects where it may not be. */
  append(event: NewDecision): Promise<void> {
    return new Promise((done, fail) => {
      this.waiting.push({ event, done, fail })
      if (!this.isWriting) void this.write()
      else if (this.comingSoon() === 0) this.gathered?.()
    })
  }

  private async write(): Promise<void> {
    this.isWriting = true
    while (this.waiting.length > 0) {
      await this.gather()
      await this.writeBatch(this.waiting.splice(0, BATCH_EVENTS_MAX))
    }
    // In the same turn as the look above: who comes later begins anew.
    this.isWriting = false
  }

  /** A transaction costs the same for one event as for ten, so it waits for who is about to come: until all are here, or a moment. */
  private async gather(): Promise<void> {
    // Whoever asks in the same turn comes along.
    await Promise.resolve()
    if (this.comingSoon() === 0) return
    await new Promise<void>((done) => {
      const timer = setTimeout(done, GATHER_MS)
      this.gathered = () => {
        clearTimeout(timer)
        done()
      }
    })
    this.gathered = undefined
  }

  private async writeBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      const events = batch.map(({ event }) => event)
      const { version } = await this.streams.appendDecisions(this.stream, this.version, events, this.manner)
      this.version = version
      if (version >= STREAM_EVENTS_MAX) this.begin()
      for (const one of batch) one.done()
    } catch (error) {
      this.begin()
      for (const one of batch) one.fail(error)
    }
  }

  private begin(): void {
    this.stream = this.newStream()
    this.version = 0
  }

  private newStream(): string {
    return `${this.prefix}${randomUUID()}`
  }
}
