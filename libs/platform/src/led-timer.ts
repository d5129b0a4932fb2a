import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from './clock.js'
import { connect } from './database.js'
import { endWhenSilent } from './stalled-session.js'

/** A session that says nothing for longer is ended by the server: a process that was stopped does not lead for ever. */
const SILENCE_MAX_MS = 30_000
/** How often a session says something, also during a long turn. */
const PING_MS = 10_000

export interface LedTimerOptions {
  readonly databaseUrl: string
  /** Of the sessions: `catena-<name>`. */
  readonly name: string
  /** Advisory lock of whoever leads; of all processes on a database one does. */
  readonly lock: number
  readonly everyMs: number
  readonly clock: Clock
  /** What is to be done at each turn. Another process may do it at the same time for a moment: it must be safe to do twice. */
  readonly turn: (now: number, signal: AbortSignal) => Promise<void>
  readonly onError: (error: unknown) => void
}

/** Does something again and again while the process lives and leads. */
export class LedTimer {
  private readonly stopping = new AbortController()
  private running: Promise<void> | undefined

  constructor(private readonly options: LedTimerOptions) {}

  start(): void {
    this.running ??= this.run()
  }

  async stop(): Promise<void> {
    this.stopping.abort()
    await this.running
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping
    while (!signal.aborted) {
      await this.session().catch((error: unknown) => {
        if (!signal.aborted) this.options.onError(error)
      })
      await this.wait()
    }
  }

  /** As long as one connection lasts. */
  private async session(): Promise<void> {
    const { databaseUrl, name, lock, clock, turn } = this.options
    const { signal } = this.stopping
    const client = await connect(databaseUrl, { applicationName: `catena-${name}` })
    const ping = setInterval(() => void client.query('SELECT 1').catch(() => undefined), PING_MS)
    try {
      await endWhenSilent(client, SILENCE_MAX_MS)
      while (!signal.aborted) {
        const { rows } = await client.query<{ leads: boolean }>('SELECT pg_try_advisory_lock($1) AS leads', [lock])
        if (rows[0]?.leads === true) await turn(clock.now(), signal)
        await this.wait()
      }
    } finally {
      clearInterval(ping)
      await client.end().catch(() => undefined)
    }
  }

  private wait(): Promise<unknown> {
    return sleep(this.options.everyMs, undefined, { signal: this.stopping.signal }).catch(() => undefined)
  }
}
