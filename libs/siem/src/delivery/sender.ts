import { withTimeLimit, type Clock, type WakeSignal } from '@catena/platform'
import { pause } from '@catena/projections'
import type pg from 'pg'
import { readFeed, readFeedHead } from '../feed/feed-table.js'
import { DestinationClosed, ReceiverUnavailable, type Outgoing, type Sink } from '../sinks/sink.js'
import { prepareBatch, type Batch } from './batch.js'
import {
  AddedAgain,
  CheckpointMoved,
  moveCheckpoint,
  noteFailure,
  readCheckpoint,
  type ExportCheckpoint,
} from './checkpoint.js'
import type { Addition } from './destinations/decider.js'
import type { Destination } from './destinations/destination.js'
import { heartbeat } from './own-events.js'
import { waitAfter, type Patience } from './patience.js'
import { isRefused, prepare } from './prepare.js'
import { sendAround, type Settled } from './send-around.js'

/** Events read and sent together: few, so that most of what is made of them is forgotten before the collector has to copy it. */
export const BATCH_EVENTS_MAX = 200
/** What was read ahead longer ago is read again: its send time is not true any more, and an event in it may be erased by now. */
const AHEAD_AGE_MAX_MS = 1_000
const IDLE_WAIT_MS = 500

export interface SenderOptions {
  readonly destination: Destination
  readonly addition: Addition
  readonly sink: Sink
  readonly pool: pg.Pool
  readonly signal: WakeSignal
  readonly clock: Clock
  readonly patience: Patience
  readonly random: () => number
  /** Told once, when the destination is not to be sent to any more. */
  readonly onClosed: (reason: string) => void
}

/** Sends the feed to one destination, in order, with a checkpoint, a connection and a rhythm of its own. */
export class Sender {
  private readonly stopping = new AbortController()
  private running: Promise<void> | undefined
  private failures = 0
  /** Rhythms are of the process: the clock, which events name, may be set back. */
  private beatAt = performance.now()
  /** The checkpoint on its way into the database while the next batch is sent. */
  private moving: Promise<void> | undefined
  /** What was read and rendered ahead while the batch before was under way. */
  private ahead: { readonly after: number; readonly batch: Promise<Batch>; readonly begun: number } | undefined

  constructor(private readonly options: SenderOptions) {}

  start(): void {
    this.running ??= this.run()
  }

  /** Gives up the attempt under way; what was acknowledged is kept. */
  async stop(): Promise<void> {
    this.stopping.abort()
    await this.running
  }

  private isStopped(): boolean {
    return this.stopping.signal.aborted
  }

  private async run(): Promise<void> {
    while (!this.isStopped()) {
      try {
        await this.session()
      } catch (error) {
        if (this.isStopped() || (await this.failed(error))) break
      }
    }
    await this.options.sink.close().catch(() => undefined)
  }

  /** True: it ends here. */
  private async failed(error: unknown): Promise<boolean> {
    const { addition, pool, clock, patience, random, onClosed } = this.options
    if (error instanceof CheckpointMoved) return false
    if (error instanceof AddedAgain) return true
    if (error instanceof DestinationClosed) {
      onClosed(error.message)
      return true
    }
    const wait = waitAfter(patience, ++this.failures, random())
    const asked = error instanceof ReceiverUnavailable ? (error.retryAfterMs ?? 0) : 0
    await noteFailure(pool, addition, (error as Error).message, clock.now()).catch(() => undefined)
    await pause(Math.max(wait, Math.min(asked, patience.waitMaxMs * 10)), this.stopping.signal)
    return false
  }

  /** From the checkpoint on, until something fails. What no receiver acknowledged may have been lost with the connection: it goes again. */
  private async session(): Promise<void> {
    try {
      await this.sendOn()
    } finally {
      this.ahead = undefined
      // The next session reads where the checkpoint is, so what became of this move is known then.
      await this.moved().catch(() => undefined)
    }
  }

  /** Throws what the last move of the checkpoint met. */
  private async moved(): Promise<void> {
    const { moving } = this
    this.moving = undefined
    await moving
  }

  private async sendOn(): Promise<void> {
    const { addition, pool, sink, clock } = this.options
    let checkpoint = await readCheckpoint(pool, addition, clock.now())
    let position = againFrom(checkpoint, sink, addition)
    while (!this.isStopped()) {
      const batch = await this.read(position)
      const isNews = batch.events.length > 0
      if (isNews) {
        position = await this.send(batch, checkpoint, position)
        checkpoint = { ...checkpoint, sequence: Math.max(position, checkpoint.sequence) }
      } else {
        await this.moved()
        sink.requireConnected?.()
        await this.options.signal.next(IDLE_WAIT_MS, this.stopping.signal)
      }
      await this.beat(position)
      if (!isNews) await this.requireUnmoved(checkpoint)
    }
  }

  private async read(after: number): Promise<Batch> {
    const limit = this.failures >= this.options.patience.breakerFailures ? 1 : BATCH_EVENTS_MAX
    const batch = (await this.takeAhead(after)) ?? (await this.load(after, limit))
    const last = batch.events.at(-1)?.sequence
    if (batch.events.length === BATCH_EVENTS_MAX && last !== undefined) {
      this.ahead = { after: last, batch: this.load(last, limit), begun: performance.now() }
      this.ahead.batch.catch(() => undefined)
    }
    return batch
  }

  private async takeAhead(after: number): Promise<Batch | undefined> {
    const { ahead } = this
    // Taken out before it is awaited: a read that failed must not be awaited again for ever.
    this.ahead = undefined
    if (ahead?.after !== after) return undefined
    const batch = await ahead.batch
    return performance.now() - ahead.begun <= AHEAD_AGE_MAX_MS ? batch : undefined
  }

  private async load(after: number, limit: number): Promise<Batch> {
    const { destination, pool, clock } = this.options
    const events = await readFeed(pool, after, limit)
    return prepareBatch(destination, events, clock.now())
  }

  /** Resolves with the last sequence that is dealt with. */
  private async send({ events, outgoing, refused, at }: Batch, checkpoint: ExportCheckpoint, position: number): Promise<number> {
    const { addition, sink, pool, patience } = this.options
    const settled = await withTimeLimit(patience.attemptMs, this.stopping.signal, (signal) => sendAround(sink, outgoing, signal)) // prettier-ignore
    const to = settled.fault === undefined ? (events.at(-1)?.sequence ?? position) : settledUpTo(settled, outgoing, position)
    const dead = [...refused, ...settled.dead]
    if (to > checkpoint.sequence) {
      const reached = dead.filter(({ event }) => event.sequence <= to && event.sequence > checkpoint.sequence)
      await this.moved()
      this.moving = moveCheckpoint(pool, { addition, from: checkpoint, to, delivered: settled.delivered, dead: reached, at })
      this.moving.catch(() => undefined)
    }
    if (settled.fault !== undefined) throw settled.fault
    this.failures = 0
    return to
  } // prettier-ignore

  private async beat(position: number): Promise<void> {
    const { destination, sink, pool, clock, patience } = this.options
    if (performance.now() - this.beatAt < patience.heartbeatEveryMs) return
    this.beatAt = performance.now()
    const now = clock.now()
    const { sequence } = await readFeedHead(pool)
    const event = heartbeat(destination.id, position, sequence, now)
    const prepared = prepare(destination, event, now)
    if (!isRefused(prepared))
      await withTimeLimit(patience.attemptMs, this.stopping.signal, (signal) => sink.send([prepared], signal))
  }

  private async requireUnmoved(checkpoint: ExportCheckpoint): Promise<void> {
    const { pool, addition, clock } = this.options
    const stands = await readCheckpoint(pool, addition, clock.now())
    if (stands.epoch !== checkpoint.epoch || stands.sequence !== checkpoint.sequence) throw new CheckpointMoved(addition.id) // prettier-ignore
  }
}

/** What no receiver acknowledged goes again; what was never meant for it is no part of that. */
function againFrom({ sequence }: ExportCheckpoint, { unacknowledgedMax }: Sink, { after = 0 }: Addition): number {
  return Math.min(sequence, Math.max(after, sequence - unacknowledgedMax))
}

/** Up to the event before the first that is not settled. */
function settledUpTo({ count }: Settled, outgoing: readonly Outgoing[], position: number): number {
  const next = outgoing[count]?.event.sequence
  return next === undefined ? position : next - 1
}
