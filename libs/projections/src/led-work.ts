import { connect } from '@catena/platform'
import type pg from 'pg'
import { claimLead, LEADER_SESSION } from './lead.js'
import { pause } from './pause.js'

/** How often a process that cannot lead looks whether it may. */
const FOLLOW_WAIT_MS = 500
/** Tells the server that this process is alive while it works out what it will say. */
const PING_MS = 1_000
const RETRY_WAIT_MS = 500
const RETRY_WAIT_MAX_MS = 30_000

export interface LedWorkOptions {
  readonly databaseUrl: string
  /** Of its session, and of those of whoever contends for the lead. */
  readonly applicationName: string
  /** One of `LEADS`. */
  readonly lock: number
  /** Limits of the session, where a statement or a silence may last longer than a leader's usually does. */
  readonly session?: typeof LEADER_SESSION
  /** Before each try to lead. */
  readonly look?: (client: pg.Client) => Promise<void>
  /** Works until it is stopped. A failure is told and tried again on a new connection, later each time until {@link LedWork.goesOn}. */
  readonly lead: (client: pg.Client) => Promise<void>
  readonly onError: (error: unknown) => void
}

/**
 * Work that one process on a database does at a time. Whoever ends, freezes or loses its connection loses the lead with its session, and another
 * takes it over; what it was in the middle of must be fenced by a checkpoint of its own.
 */
export class LedWork {
  private readonly stopping = new AbortController()
  private running: Promise<void> | undefined
  private failures = 0

  constructor(private readonly options: LedWorkOptions) {}

  /** Aborts when the work is told to stop. */
  get signal(): AbortSignal {
    return this.stopping.signal
  }

  start(): void {
    this.running ??= this.run()
  }

  async stop(): Promise<void> {
    this.stopping.abort()
    await this.running
  }

  isStopped(): boolean {
    return this.signal.aborted
  }

  /** A step has succeeded. */
  goesOn(): void {
    this.failures = 0
  }

  private async run(): Promise<void> {
    while (!this.isStopped()) {
      try {
        await this.session()
      } catch (error) {
        if (this.isStopped()) return
        this.options.onError(error)
        await pause(Math.min(RETRY_WAIT_MS * 2 ** this.failures++, RETRY_WAIT_MAX_MS), this.signal)
      }
    }
  }

  /** As long as one connection lasts. */
  private async session(): Promise<void> {
    const { databaseUrl, applicationName, lock, look, lead, session = LEADER_SESSION } = this.options
    const client = await connect(databaseUrl, { applicationName, ...session })
    const ping = setInterval(() => void client.query('SELECT 1').catch(() => undefined), PING_MS)
    try {
      while (!this.isStopped()) {
        await look?.(client)
        if (await claimLead(client, lock, session.idleInTransactionTimeoutMs)) await lead(client)
        else await pause(FOLLOW_WAIT_MS, this.signal)
      }
    } finally {
      clearInterval(ping)
      await client.end().catch(() => undefined)
    }
  }
}
