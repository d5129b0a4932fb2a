import { connect } from '@catena/platform'
import type pg from 'pg'
import { APPEND_CHANNEL } from './append-batch.js'

/** Longest delay of a reader whose notification was lost. */
const POLL_MS = 250

/** Wakes waiting readers on NOTIFY. Its connection may die at any time: then polling alone wakes them until it is back. */
export class AppendSignal {
  private client: pg.Client | undefined
  private opening: Promise<void> | undefined
  private readonly wakes = new Set<() => void>()
  private closed = false

  constructor(private readonly databaseUrl: string) {}

  /** Resolves at a notification, after the poll interval or `timeoutMs`, or when the signal aborts, whichever is first. */
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
      signal?.addEventListener('abort', wake)
    })
  }

  get isClosed(): boolean {
    return this.closed
  }

  async close(): Promise<void> {
    this.closed = true
    this.wake()
    await this.opening
    await this.client?.end()
  }

  private async listen(): Promise<void> {
    try {
      const client = await connect(this.databaseUrl, { applicationName: 'catena-listen' })
      client.on('notification', () => this.wake())
      client.on('end', () => {
        this.client = undefined
        this.opening = undefined
      })
      await client.query(`LISTEN ${APPEND_CHANNEL}`)
      this.client = client
    } catch {
      // Polling goes on and reports an unreachable database; the next wait tries to listen again.
      this.opening = undefined
    }
  }

  /** Also for what this process itself appended, of which it need not be notified. */
  wake(): void {
    for (const wake of [...this.wakes]) wake()
  }
}
