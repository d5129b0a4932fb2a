import { connect } from '@catena/platform'
import { pause } from '@catena/projections'
import type pg from 'pg'
import { giveWay } from './give-way.js'

/** Locked for as long as a process leads; of several one follows, the others wait. */
const LEAD = 72_707_375
/** Longest wait for news. */
const IDLE_WAIT_MS = 500
const RETRY_WAIT_MS = 500
const RETRY_WAIT_MAX_MS = 30_000

/** A part that follows the access index or the ledger, with a checkpoint of its own. True: there is more to do at once. */
export interface Follower {
  readonly name: string
  follow(client: pg.Client): Promise<boolean>
}

export interface GovernanceRunnerOptions {
  readonly followers: readonly Follower[]
  readonly databaseUrl: string
  readonly onError: (error: unknown) => void
  /** Is something behind that goes before these followers? Asked between their steps. */
  readonly isFirstBehind?: (client: pg.Client) => Promise<boolean>
}

/** Lets the followers take turns while the process lives. Steps commit with their checkpoints, so that an end at any moment loses nothing. */
export class GovernanceRunner {
  private readonly stopping = new AbortController()
  private running: Promise<void> | undefined
  private failures = 0

  constructor(private readonly options: GovernanceRunnerOptions) {}

  start(): void {
    this.running ??= this.run()
  }

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
        if (this.isStopped()) return
        this.options.onError(error)
        await pause(Math.min(RETRY_WAIT_MS * 2 ** this.failures++, RETRY_WAIT_MAX_MS), this.stopping.signal)
      }
    }
  }

  /** As long as one connection lasts. */
  private async session(): Promise<void> {
    const client = await connect(this.options.databaseUrl, { applicationName: 'catena-govern' })
    try {
      while (!this.isStopped()) {
        const { rows } = await client.query<{ leads: boolean }>('SELECT pg_try_advisory_lock($1) AS leads', [LEAD])
        if (rows[0]?.leads === true) await this.lead(client)
        else await pause(IDLE_WAIT_MS, this.stopping.signal)
      }
    } finally {
      await client.end().catch(() => undefined)
    }
  }

  private async lead(client: pg.Client): Promise<void> {
    while (!this.isStopped()) {
      let more = false
      for (const follower of this.options.followers) more = (await this.step(client, follower)) || more
      this.failures = 0
      if (!more) await pause(IDLE_WAIT_MS, this.stopping.signal)
    }
  }

  private async step(client: pg.Client, follower: Follower): Promise<boolean> {
    const { isFirstBehind } = this.options
    const begun = performance.now()
    const more = await follower.follow(client)
    if (isFirstBehind !== undefined)
      await giveWay(performance.now() - begun, () => isFirstBehind(client), this.stopping.signal)
    return more
  }
}
