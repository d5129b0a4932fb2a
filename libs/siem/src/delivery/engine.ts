import { handleCommand, loadStream, type DecisionStreams } from '@catena/ledger'
import { connect, createPool, type Clock, type WakeSignal } from '@catena/platform'
import { claimLead, LEADER_SESSION, pause } from '@catena/projections'
import type pg from 'pg'
import { feedSignal } from '../feed/feed-signal.js'
import { DestinationClosed } from '../sinks/sink.js'
import { noteFailure } from './checkpoint.js'
import { allStanding, destinationsDecider, DESTINATIONS_STREAM, type Addition, type Destinations, type DestinationState } from './destinations/decider.js' // prettier-ignore
import { openSink, type SinkSurroundings } from './open-sink.js'
import { PATIENCE, waitAfter, type Patience } from './patience.js'
import { Sender } from './sender.js'

/** Advisory lock of the worker that sends. */
const SEND_LEAD_LOCK = 72707392
/** How often destinations are looked at. */
const LOOK_EVERY_MS = 1_000
/** Connections for reads of the feed and checkpoints; no sender holds one while it sends. */
const CONNECTIONS_MAX = 6

export interface EngineOptions extends SinkSurroundings {
  readonly databaseUrl: string
  readonly streams: Pick<DecisionStreams, 'readStream' | 'appendDecisions'>
  readonly clock: Clock
  readonly random: () => number
  readonly patience?: Patience
  readonly onError: (error: unknown, destination?: string) => void
}

interface Running {
  readonly declared: string
  readonly sender: Sender
}

/** Runs one sender per active destination. Of all workers on a database one sends. */
export class DeliveryEngine {
  private readonly stopping = new AbortController()
  private running: Promise<void> | undefined
  private readonly pool: pg.Pool
  private readonly signal: WakeSignal
  private readonly senders = new Map<string, Running>()
  private readonly patience: Patience
  private failures = 0

  constructor(private readonly options: EngineOptions) {
    this.pool = createPool(options.databaseUrl, { applicationName: 'catena-export', max: CONNECTIONS_MAX })
    this.signal = feedSignal(options.databaseUrl)
    this.patience = options.patience ?? PATIENCE
  }

  start(): void {
    this.running ??= this.run()
  }

  async stop(): Promise<void> {
    this.stopping.abort()
    await this.running
    await this.signal.close()
    await this.pool.end()
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        await this.session()
      } catch (error) {
        this.options.onError(error)
        await pause(waitAfter(this.patience, ++this.failures, this.options.random()), this.stopping.signal)
      }
    }
  }

  private async session(): Promise<void> {
    const client = await connect(this.options.databaseUrl, { applicationName: 'catena-export-lead', ...LEADER_SESSION })
    try {
      while (!this.stopping.signal.aborted) {
        if (await claimLead(client, SEND_LEAD_LOCK)) await this.look()
        this.failures = 0
        await pause(LOOK_EVERY_MS, this.stopping.signal)
      }
    } finally {
      await this.stopSenders([...this.senders.keys()])
      await client.end().catch(() => undefined)
    }
  }

  /** Starts and stops senders as destinations are now. */
  private async look(): Promise<void> {
    const { state } = await loadStream(this.options.streams, destinationsDecider, DESTINATIONS_STREAM)
    const wanted = active(state)
    await this.stopSenders([...this.senders].filter(([id, { declared }]) => wanted.get(id)?.declared !== declared).map(([id]) => id)) // prettier-ignore
    for (const [id, { declared, state: known }] of wanted) if (!this.senders.has(id)) await this.begin(known, declared)
  }

  private async begin({ destination, addition }: DestinationState, declared: string): Promise<void> {
    const { clock, random } = this.options
    try {
      const sink = await openSink(destination, this.options)
      const { pool, signal, patience } = this
      const onClosed = (reason: string): void => void this.ended(addition, sender, reason)
      const sender = new Sender({ destination, addition, sink, pool, signal, clock, patience, random, onClosed })
      this.senders.set(destination.id, { declared, sender })
      sender.start()
    } catch (error) {
      if (error instanceof DestinationClosed) await this.disable(addition, error.message)
      else await this.unopened(addition, error)
    }
  }

  /** A file of it cannot be read, say: people see that where they look for it. */
  private async unopened(addition: Addition, error: unknown): Promise<void> {
    this.options.onError(error, addition.id)
    await noteFailure(this.pool, addition, (error as Error).message, this.options.clock.now())
  }

  /** Where nothing could be recorded, or it was resumed since, the next look begins another. */
  private async ended(addition: Addition, sender: Sender, reason: string): Promise<void> {
    await this.disable(addition, reason)
    if (this.senders.get(addition.id)?.sender === sender) this.senders.delete(addition.id)
  }

  private async disable({ id, added }: Addition, reason: string): Promise<void> {
    const by = { actor: 'timer:export', at: this.options.clock.now() }
    const command = { type: 'DisableDestination', id, added, reason } as const
    await handleCommand(this.options.streams, destinationsDecider, { stream: DESTINATIONS_STREAM, command, by }).catch(
      (error: unknown) => this.options.onError(error, id),
    )
  }

  private async stopSenders(ids: readonly string[]): Promise<void> {
    const stopped = ids.map((id) => this.senders.get(id)?.sender)
    for (const id of ids) this.senders.delete(id)
    await Promise.all(stopped.map((sender) => sender?.stop() ?? Promise.resolve()))
  }
}

function active(state: Destinations): Map<string, { readonly declared: string; readonly state: DestinationState }> {
  const wanted = allStanding(state).filter(({ status }) => status === 'active')
  return new Map(wanted.map((each) => [each.destination.id, { state: each, declared: JSON.stringify([each.destination, each.addition]) }])) // prettier-ignore
}
