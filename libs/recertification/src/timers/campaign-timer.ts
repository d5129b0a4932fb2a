import { connect, type Clock } from '@catena/platform'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RecertificationDesk } from '../desk/desk.js'
import { tick } from './tick.js'

/** Of all timers on a database one is at work: who holds this advisory lock. What they do is safe to do twice; the lock saves the work. */
const LOCK = 72707395
/** How often the clock is looked at. */
export const TICK_EVERY_MS = 10_000

export interface CampaignTimerOptions {
  readonly desk: RecertificationDesk
  readonly databaseUrl: string
  readonly clock: Clock
  readonly onError: (error: unknown) => void
  readonly everyMs?: number
}

/** Lets campaigns go on by the clock while the process lives. */
export class CampaignTimer {
  private readonly stopping = new AbortController()
  private running: Promise<void> | undefined

  constructor(private readonly options: CampaignTimerOptions) {}

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
      await sleep(this.options.everyMs ?? TICK_EVERY_MS, undefined, { signal }).catch(() => undefined)
    }
  }

  /** As long as one connection lasts. */
  private async session(): Promise<void> {
    const { desk, databaseUrl, clock, everyMs = TICK_EVERY_MS } = this.options
    const { signal } = this.stopping
    const client = await connect(databaseUrl, { applicationName: 'catena-campaigns' })
    try {
      while (!signal.aborted) {
        const { rows } = await client.query<{ leads: boolean }>('SELECT pg_try_advisory_lock($1) AS leads', [LOCK])
        if (rows[0]?.leads === true) await tick(desk, clock.now())
        await sleep(everyMs, undefined, { signal }).catch(() => undefined)
      }
    } finally {
      await client.end().catch(() => undefined)
    }
  }
}
