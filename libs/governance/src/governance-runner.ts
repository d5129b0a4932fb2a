import { STATEMENT_TIMEOUT_MS } from '@catena/platform'
import { LEADS, LedWork, pause } from '@catena/projections'
import type pg from 'pg'
import { giveWay } from './give-way.js'

/** Longest wait for news. */
const IDLE_WAIT_MS = 500
/** Summaries from nothing take statements, and work between two of them, that an index or a feed does not have. */
const SESSION = { statementTimeoutMs: STATEMENT_TIMEOUT_MS, idleInTransactionTimeoutMs: 10_000 }

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
  private readonly led: LedWork

  constructor(private readonly options: GovernanceRunnerOptions) {
    const { databaseUrl, onError } = options
    this.led = new LedWork({
      databaseUrl,
      applicationName: 'catena-govern',
      lock: LEADS.governance,
      session: SESSION,
      lead: (client) => this.lead(client),
      onError,
    })
  }

  start(): void {
    this.led.start()
  }

  stop(): Promise<void> {
    return this.led.stop()
  }

  private async lead(client: pg.Client): Promise<void> {
    while (!this.led.isStopped()) {
      let more = false
      for (const follower of this.options.followers) more = (await this.step(client, follower)) || more
      this.led.goesOn()
      if (!more) await pause(IDLE_WAIT_MS, this.led.signal)
    }
  }

  private async step(client: pg.Client, follower: Follower): Promise<boolean> {
    const { isFirstBehind } = this.options
    const begun = performance.now()
    const more = await follower.follow(client)
    if (isFirstBehind !== undefined)
      await giveWay(performance.now() - begun, () => isFirstBehind(client), this.led.signal)
    return more
  }
}
