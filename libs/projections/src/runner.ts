import type { Ledger, LedgerEvent } from '@catena/ledger'
import { connect, transaction } from '@catena/platform'
import type pg from 'pg'

/** Events folded into one transaction. */
export const BATCH_EVENTS_MAX = 4_000
/** Longest wait for news; a notification ends it sooner. */
const IDLE_WAIT_MS = 1_000
const RETRY_WAIT_MS = 500

export interface Projection {
  prepare(client: pg.Client): Promise<void>
  apply(client: pg.Client, events: readonly LedgerEvent[]): Promise<void>
  reset(): void
}

/** Another projector moved the checkpoint: this one steps back and reads it again. */
class CheckpointMoved extends Error {}

/** Folds the ledger into a projection, in order; the checkpoint commits with the rows. One runner of a name makes progress at a time. */
export class ProjectionRunner {
  private stopped = false
  private running: Promise<void> | undefined
  private waiters: { position: number; resolve: () => void }[] = []
  private position = 0

  constructor(
    private readonly options: {
      readonly name: string
      /** Changes when rows would come out differently: the projection then starts anew. */
      readonly version: string
      readonly projection: Projection
      readonly ledger: Ledger
      readonly databaseUrl: string
      readonly onError: (error: unknown) => void
      /** Empties the projection's tables. */
      readonly clear: (client: pg.Client) => Promise<void>
    },
  ) {}

  start(): void {
    this.running ??= this.run()
  }

  async stop(): Promise<void> {
    this.stopped = true
    await this.running
  }

  /** Resolves when the projection has read up to the position. */
  caughtUp(position: number): Promise<void> {
    if (this.position >= position) return Promise.resolve()
    return new Promise((resolve) => this.waiters.push({ position, resolve }))
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      try {
        await this.session()
      } catch (error) {
        this.options.projection.reset()
        if (!(error instanceof CheckpointMoved)) this.options.onError(error)
        await new Promise((resolve) => setTimeout(resolve, RETRY_WAIT_MS))
      }
    }
  }

  private async session(): Promise<void> {
    const client = await connect(this.options.databaseUrl, {
      applicationName: `catena-project-${this.options.name}`,
      statementTimeoutMs: 0,
    })
    try {
      await this.options.projection.prepare(client)
      this.reached(await this.checkpoint(client))
      while (!this.stopped) {
        const events = await this.options.ledger.read(this.position, BATCH_EVENTS_MAX)
        if (events.length === 0) await this.options.ledger.waitForAppend(this.position, IDLE_WAIT_MS)
        else await this.fold(client, events)
      }
    } finally {
      await client.end().catch(() => undefined)
    }
  }

  private async checkpoint(client: pg.Client): Promise<number> {
    const { name, version } = this.options
    await client.query('BEGIN')
    await client.query(`INSERT INTO projection (name, version) VALUES ($1, $2) ON CONFLICT DO NOTHING`, [name, version])
    const { rows } = await client.query<{ version: string; position: string }>(
      'SELECT version, position FROM projection WHERE name = $1 FOR UPDATE',
      [name],
    )
    const current = rows[0]
    if (current?.version !== version) {
      await this.options.clear(client)
      await client.query('UPDATE projection SET version = $2, position = 0 WHERE name = $1', [name, version])
    }
    await client.query('COMMIT')
    return current?.version === version ? Number(current.position) : 0
  }

  private async fold(client: pg.Client, events: readonly LedgerEvent[]): Promise<void> {
    const next = events.at(-1)?.position ?? this.position
    await transaction(client, async () => {
      const moved = await client.query(
        'UPDATE projection SET position = $3 WHERE name = $1 AND version = $4 AND position = $2',
        [this.options.name, this.position, next, this.options.version],
      )
      if (moved.rowCount !== 1) throw new CheckpointMoved()
      await this.options.projection.apply(client, events)
    })
    this.reached(next)
  }

  private reached(position: number): void {
    this.position = position
    const [done, waiting] = [
      this.waiters.filter((waiter) => waiter.position <= position),
      this.waiters.filter((waiter) => waiter.position > position),
    ]
    this.waiters = waiting
    for (const waiter of done) waiter.resolve()
  }
}
