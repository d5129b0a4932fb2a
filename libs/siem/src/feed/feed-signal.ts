import { connect } from '@catena/platform'
import { FEED_CHANNEL } from './feed-table.js'

/** Longest delay of a reader whose notification was lost. */
const POLL_MS = 500

/** Wakes whoever waits for the feed to grow. Its connection may die at any time: then polling alone wakes them until it is back. */
export class FeedSignal {
  private opening: Promise<void> | undefined
  private end: (() => Promise<void>) | undefined
  private readonly wakes = new Set<() => void>()

  constructor(private readonly databaseUrl: string) {}

  /** Resolves at a notification, at the abort of the signal, or after `timeoutMs` and no later than the poll interval. */
  async next(timeoutMs: number, signal?: AbortSignal): Promise<void> {
    this.opening ??= this.listen()
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        clearTimeout(timer)
        this.wakes.delete(wake)
        signal?.removeEventListener('abort', wake)
        resolve()
      }
      const timer = setTimeout(wake, Math.min(POLL_MS, timeoutMs))
      this.wakes.add(wake)
      signal?.addEventListener('abort', wake, { once: true })
      if (signal?.aborted === true) wake()
    })
  }

  async close(): Promise<void> {
    for (const wake of [...this.wakes]) wake()
    await this.opening
    await this.end?.()
  }

  private async listen(): Promise<void> {
    try {
      const client = await connect(this.databaseUrl, { applicationName: 'catena-feed-listen' })
      client.on('notification', () => {
        for (const wake of [...this.wakes]) wake()
      })
      client.on('end', () => (this.opening = undefined))
      await client.query(`LISTEN ${FEED_CHANNEL}`)
      this.end = () => client.end()
    } catch {
      // Polling goes on; the next wait tries to listen again.
      this.opening = undefined
    }
  }
}
