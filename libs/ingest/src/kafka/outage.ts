import type { KafkaLog } from '@catena/platform'

export const RETRY_FIRST_MS = 250
/** Longest wait between two tries. */
export const RETRY_MAX_MS = 30_000
/** How often a fault that lasts is told again, ms. */
export const SUMMARY_EVERY_MS = 60_000

export interface OutageTexts {
  readonly begins: string
  readonly lasts: string
  readonly ends: string
}

/** One thing that may be away: waits grow while it is, and the log gets its beginning, a summary a minute and its end, not every try. */
export class Outage {
  private sinceMs: number | undefined
  private toldMs = 0
  private tries = 0

  constructor(
    private readonly log: KafkaLog,
    private readonly texts: OutageTexts,
    private readonly now: () => number = Date.now,
    private readonly random: () => number = Math.random,
  ) {}

  get isOngoing(): boolean {
    return this.sinceMs !== undefined
  }

  /** Returns the ms to wait: twice as long each time, less a random part of up to a half, so that members do not come back all at once. */
  failed(error: unknown, level: 'error' | 'info' = 'error'): number {
    this.tries += 1
    const waitMs = Math.round(Math.min(RETRY_FIRST_MS * 2 ** (this.tries - 1), RETRY_MAX_MS) * (1 - this.random() / 2))
    this.tell(level, error instanceof Error ? error.message : String(error), waitMs)
    return waitMs
  }

  over(): void {
    if (this.sinceMs !== undefined) {
      this.log('info', this.texts.ends, { seconds: this.seconds(this.sinceMs), tries: this.tries })
    }
    this.sinceMs = undefined
    this.tries = 0
  }

  private tell(level: 'error' | 'info', error: string, waitMs: number): void {
    const now = this.now()
    if (this.sinceMs === undefined) {
      this.sinceMs = now
      this.log(level, this.texts.begins, { error, waitMs })
    } else if (now - this.toldMs >= SUMMARY_EVERY_MS) {
      this.log(level, this.texts.lasts, { error, waitMs, seconds: this.seconds(this.sinceMs), tries: this.tries })
    } else return
    this.toldMs = now
  }

  private seconds(sinceMs: number): number {
    return Math.round((this.now() - sinceMs) / 1000)
  }
}
