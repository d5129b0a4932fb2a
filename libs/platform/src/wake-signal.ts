import type pg from 'pg'
import { connect } from './database.js'

export interface WakeSignalOptions {
  readonly databaseUrl: string
  /** Notified at the commit of what is waited for. */
  readonly channel: string
  readonly applicationName: string
  /** Longest delay of a reader whose notification was lost, ms. */
  readonly pollMs: number
}

/**
 * Wakes whoever waits for news of the database, on NOTIFY. Its connection may die at any time: then polling alone wakes them until it is back, and reports
 * an unreachable database by itself.
 */
export class WakeSignal {
  private client: pg.Client | undefined
  private opening: Promise<void> | undefined
  private readonly waiting = new Set<() => void>()
  private closed = false

  constructor(private readonly options: WakeSignalOptions) {}

  /** Resolves at a notification, after the poll interval or `timeoutMs`, or when the signal aborts, whichever is first. */
  async next(timeoutMs: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return
    this.opening ??= this.listen()
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        clearTimeout(timer)
        this.waiting.delete(wake)
        signal?.removeEventListener('abort', wake)
        resolve()
      }
      const timer = setTimeout(wake, Math.min(this.options.pollMs, timeoutMs))
      this.waiting.add(wake)
      signal?.addEventListener('abort', wake)
    })
  }

  /** Also for news that this process made itself, of which it need not be notified. */
  wake(): void {
    for (const wake of [...this.waiting]) wake()
  }

  get isClosed(): boolean {
    return this.closed
  }

  /** Lets go of all who wait. */
  async close(): Promise<void> {
    this.closed = true
    this.wake()
    await this.opening
    await this.client?.end()
  }

  private async listen(): Promise<void> {
    const { databaseUrl, channel, applicationName } = this.options
    let client: pg.Client | undefined
    try {
      client = await connect(databaseUrl, { applicationName })
      client.on('notification', () => this.wake())
      client.on('end', () => {
        this.client = undefined
        this.opening = undefined
      })
      await client.query(`LISTEN ${channel}`)
      this.client = client
    } catch {
      // The next wait tries to listen again.
      this.opening = undefined
      await client?.end().catch(() => undefined)
    }
  }
}
