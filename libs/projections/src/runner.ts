import type { Ledger, LedgerEvent } from '@catena/ledger'
import { connect, transaction } from '@catena/platform'
import type pg from 'pg'
import { claimLead, LEADER_SESSION, LEADS } from './lead.js'
import { pause } from './pause.js'
import { Reached } from './reached.js'
import { RebuildNeedsArchives, RebuildUnderWay } from './rebuild/errors.js'
import { checkpointIn, type Checkpoint } from './rebuild/switch.js'

/** Events folded into one transaction. */
export const BATCH_EVENTS_MAX = 2_000
/** A batch that ran into a time limit is tried again in halves, down to this. */
const BATCH_EVENTS_MIN = 125
/** A batch of fewer is hardly worth its statements. While they keep coming, so long is gathered from one to the next. */
const FEW_EVENTS = 500
const GATHERED_MS = 100
/** Longest wait for news; a notification ends it sooner. */
const IDLE_WAIT_MS = 1_000
const RETRY_WAIT_MS = 500
/** Longest wait between two tries while the database is away, or a batch cannot be folded. */
const RETRY_WAIT_MAX_MS = 30_000
/** How often a runner that cannot lead looks whether it may. */
const FOLLOW_WAIT_MS = 500
/** How often a runner whose version does not serve looks whether that changed. */
const ASIDE_WAIT_MS = 5_000

/** Writes what a batch says inside the caller's transaction. Batches are written in the order of their events, each once. */
export type WriteBatch = (client: pg.Client) => Promise<void>

export interface Projection {
  prepare(client: pg.Client): Promise<void>
  /** Works out what the events say, without the database: the batch before may still be under way there. */
  interpret(events: readonly LedgerEvent[]): WriteBatch
  reset(): void
}

/** What follows a position, interpreted and not written. */
interface NextBatch {
  readonly last: number
  readonly events: number
  readonly write: WriteBatch
}

/**
 * What a runner does now. `following`: another process leads. `rebuilding`: the version that serves is another, the wanted one is built
 * beside it. `aside`: the wanted version does not serve and cannot be built; the reason says why.
 */
export type RunnerState =
  | { readonly status: 'starting' | 'leading' | 'following' | 'rebuilding' }
  | { readonly status: 'aside'; readonly reason: string }

/** Another configuration or version of Catena built the projection anew after this process had worked on it. */
export class ProjectionTakenOver extends Error {
  constructor(name: string) {
    super(
      `${name} was built anew by a Catena of another version or catena.yaml; this process leaves it alone: restart it with the same`,
    )
    this.name = 'ProjectionTakenOver'
  }
}

/** Another projector, or a rebuild, moved the checkpoint: this one steps back and reads it again. */
class CheckpointMoved extends Error {}

export interface RunnerOptions {
  readonly name: string
  /** The schema of the generation that serves. */
  readonly schema: string
  /** Changes when rows would come out differently: the projection is then built anew, beside the one that serves. */
  readonly version: string
  readonly projection: Projection
  readonly ledger: Pick<Ledger, 'readNew' | 'waitForAppend'>
  readonly databaseUrl: string
  readonly onError: (error: unknown) => void
  /** Builds the wanted version beside what serves, and switches. Ends early, with an error, once the signal aborts. */
  readonly rebuild: (signal: AbortSignal) => Promise<unknown>
}

/**
 * Folds the ledger into a projection, in order; the checkpoint commits with the rows. Of all runners on a database one leads and the others
 * follow; whoever leads is fenced by the checkpoint too, so rows of two can never mix.
 */
export class ProjectionRunner {
  private readonly stopping = new AbortController()
  private running: Promise<void> | undefined
  private readonly progress = new Reached()
  private batchEvents = BATCH_EVENTS_MAX
  /** In a row, without progress between them. */
  private failures = 0
  /** This process folded or built its version before. */
  private hasServed = false
  private toldReason: string | undefined
  /** For health and logs. */
  state: RunnerState = { status: 'starting' }

  constructor(private readonly options: RunnerOptions) {}

  start(): void {
    this.running ??= this.run()
  }

  async stop(): Promise<void> {
    this.stopping.abort()
    await this.running
  }

  /** Resolves when the projection has read up to the position, here or in the process that leads. */
  caughtUp(position: number): Promise<void> {
    return this.progress.until(position)
  }

  private isStopped(): boolean {
    return this.stopping.signal.aborted
  }

  private async run(): Promise<void> {
    while (!this.isStopped()) {
      try {
        await this.session()
      } catch (error) {
        this.options.projection.reset()
        if (this.isStopped()) return
        if (error instanceof CheckpointMoved) await this.wait(RETRY_WAIT_MS)
        else {
          this.options.onError(error)
          await this.wait(waitAfter(++this.failures))
        }
      }
    }
  }

  /** As long as one connection and one role last. */
  private async session(): Promise<void> {
    const client = await connect(this.options.databaseUrl, {
      applicationName: `catena-project-${this.options.name}`,
      ...LEADER_SESSION,
    })
    try {
      while (!this.isStopped()) {
        const stands = await this.stands(client)
        if (stands !== undefined && stands.version !== this.options.version) {
          await this.renew(client)
          return
        }
        if (await claimLead(client, LEADS.accessIndex)) {
          await this.lead(client)
          return
        }
        await this.follow(stands?.position ?? 0)
      }
    } finally {
      await client.end().catch(() => undefined)
    }
  }

  private stands(client: pg.Client): Promise<Checkpoint | undefined> {
    return checkpointIn(client, this.options.schema, this.options.name)
  }

  private async follow(position: number): Promise<void> {
    this.hasServed = true
    this.failures = 0
    this.state = { status: 'following' }
    this.progress.set(position)
    await this.wait(FOLLOW_WAIT_MS)
  }

  private async lead(client: pg.Client): Promise<void> {
    const { name, schema, version } = this.options
    // A crash of the server may lose the last batches with their checkpoint, which are then folded again; whatever was stored on their ground
    // stands later in the log of the server, and is lost with them or not at all (ADR 0017).
    await client.query('SET synchronous_commit = off')
    await this.options.projection.prepare(client)
    await client.query(`INSERT INTO ${schema}.projection (name, version) VALUES ($1, $2) ON CONFLICT DO NOTHING`, [
      name,
      version,
    ])
    this.hasServed = true
    this.toldReason = undefined
    this.state = { status: 'leading' }
    this.progress.set((await this.mine(client)).position)
    let next = this.readAhead(this.progress.position)
    for (let isBusy = false; !this.isStopped();) {
      const began = performance.now()
      const batch = await next
      if (batch === undefined) {
        await this.idle(client)
        next = this.readAhead(this.progress.position)
      } else if (batch.events < FEW_EVENTS) {
        await this.fold(client, batch)
        if (isBusy) await this.wait(Math.max(0, GATHERED_MS - (performance.now() - began)))
        next = this.readAhead(batch.last)
      } else {
        // Read and interpreted while the database writes the one before.
        next = this.readAhead(batch.last)
        await this.fold(client, batch)
      }
      isBusy = batch !== undefined
    }
  }

  private readAhead(after: number): Promise<NextBatch | undefined> {
    const { ledger, projection } = this.options
    const next = ledger.readNew(after, this.batchEvents).then((events) => {
      const last = events.at(-1)?.position
      return last === undefined ? undefined : { last, events: events.length, write: projection.interpret(events) }
    })
    // Whoever awaits it meets the failure; until then nobody does.
    next.catch(() => undefined)
    return next
  }

  private async idle(client: pg.Client): Promise<void> {
    await this.options.ledger.waitForAppend(this.progress.position, IDLE_WAIT_MS, this.stopping.signal)
    // Also tells the server that this process is alive.
    if ((await this.mine(client)).position !== this.progress.position) throw new CheckpointMoved()
    this.failures = 0
  }

  private async mine(client: pg.Client): Promise<Checkpoint> {
    const stands = await this.stands(client)
    if (stands?.version !== this.options.version) throw new CheckpointMoved()
    return stands
  }

  /** Another version serves: builds the own one beside it, once; never again and again in turn with a process that wants another. */
  private async renew(client: pg.Client): Promise<void> {
    const { name, rebuild } = this.options
    if (this.hasServed) {
      await this.stepAside(new ProjectionTakenOver(name))
      return
    }
    await client.end()
    this.state = { status: 'rebuilding' }
    try {
      await rebuild(this.stopping.signal)
    } catch (error) {
      if (error instanceof RebuildUnderWay) await this.wait(RETRY_WAIT_MS)
      else if (error instanceof RebuildNeedsArchives) await this.stepAside(error)
      else throw error
    }
  }

  private async stepAside(reason: Error): Promise<void> {
    if (this.toldReason !== reason.message) this.options.onError(reason)
    this.toldReason = reason.message
    this.state = { status: 'aside', reason: reason.message }
    await this.wait(ASIDE_WAIT_MS)
  }

  private async fold(client: pg.Client, { last, write }: NextBatch): Promise<void> {
    const { name, schema, version } = this.options
    try {
      await transaction(client, async () => {
        const moved = await client.query(
          `UPDATE ${schema}.projection SET position = $3 WHERE name = $1 AND version = $4 AND position = $2`,
          [name, this.progress.position, last, version],
        )
        if (moved.rowCount !== 1) throw new CheckpointMoved()
        await write(client)
      })
    } catch (error) {
      if ((error as pg.DatabaseError).code === QUERY_CANCELED)
        this.batchEvents = Math.max(BATCH_EVENTS_MIN, this.batchEvents >> 1)
      throw error
    }
    this.batchEvents = BATCH_EVENTS_MAX
    this.failures = 0
    this.progress.set(last)
  }

  private wait(ms: number): Promise<void> {
    return pause(ms, this.stopping.signal)
  }
}

/** SQLSTATE of a statement that ran into its time limit. */
const QUERY_CANCELED = '57014'

/** Twice as long each time, less a random part of up to a half, so that projectors do not come back all at once. */
function waitAfter(failures: number): number {
  return Math.min(RETRY_WAIT_MS * 2 ** (failures - 1), RETRY_WAIT_MAX_MS) * (1 - Math.random() / 2)
}
