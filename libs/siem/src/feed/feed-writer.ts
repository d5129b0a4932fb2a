import { NO_SURROUNDINGS, type Surroundings } from '@catena/governance'
import type { Ledger, LedgerEvent } from '@catena/ledger'
import { transaction, type Clock } from '@catena/platform'
import { knownAt, LEADS, LedWork, pause, type AccessReader, type Interpretation } from '@catena/projections'
import type pg from 'pg'
import { nextPiece, oldestWaiting } from './again/again-table.js'
import { writeTold } from './again/write-told.js'
import { derive, deriveAgain, type Knowing } from './derive.js'
import type { FeedDraft } from './event.js'
import { appendToFeed, FeedMoved, readFeedHead, readStood } from './feed-table.js'
import { readNews } from './news.js'

/** Chains told again in one transaction. */
const AGAIN_FACTS_MAX = 100
/** While more news waits, chains are told again after so many batches of it, so that neither keeps the other waiting for long. */
const AGAIN_AFTER_BATCHES = 5
/** Longest wait for news of the ledger; a notification ends it sooner. */
const IDLE_WAIT_MS = 1_000
/** How often the access index is asked whether it has caught up with the ledger. */
const INDEX_WAIT_MS = 20
/** How often sources and gaps are looked at. */
const WATCH_EVERY_MS = 60_000

export interface FeedWriterOptions {
  readonly databaseUrl: string
  readonly ledger: Pick<Ledger, 'read' | 'readAt' | 'waitForAppend'>
  readonly reader: AccessReader
  readonly interpretation: Interpretation
  readonly clock: Clock
  readonly onError: (error: unknown) => void
  /** What Catena itself sees: silent sources, declared gaps. Asked each minute. */
  readonly watch?: () => Promise<readonly FeedDraft[]>
  /** Told when a look forward was cut. */
  readonly onCut?: () => void
  /** Chains told again in one transaction. */
  readonly againFactsMax?: number
}

/**
 * Writes what the ledger tells into the feed, once, with its own checkpoint. It reads what the access index has folded, so a rebuild of the
 * index adds nothing: the checkpoint does not go back. Of all workers on a database one writes; the position in `feed_head` fences the others.
 */
export class FeedWriter {
  private readonly led: LedWork
  private watchedAt: number | undefined
  /** Ledger position up to which this writer has written or seen written. */
  position = 0
  /** Clocks and coverage under which the feed was derived up to there. */
  private stood: Surroundings = NO_SURROUNDINGS
  /** Is there anything told that has to be told again? */
  private hasAgain = true

  constructor(private readonly options: FeedWriterOptions) {
    this.led = new LedWork({
      databaseUrl: options.databaseUrl,
      applicationName: 'catena-feed',
      lock: LEADS.feed,
      look: (client) => this.look(client),
      lead: (client) => this.lead(client),
      onError: (error) => {
        if (!(error instanceof FeedMoved)) options.onError(error)
      },
    })
  }

  start(): void {
    this.led.start()
  }

  stop(): Promise<void> {
    return this.led.stop()
  }

  /** Resolves when the feed tells of everything up to the ledger position, and nothing has to be told again. */
  async caughtUp(position: number): Promise<void> {
    while ((this.position < position || this.hasAgain) && !this.led.isStopped())
      await pause(INDEX_WAIT_MS, this.led.signal)
  }

  private async look(client: pg.Client): Promise<void> {
    const { position } = await readFeedHead(client)
    this.hasAgain = (await oldestWaiting(client)).length > 0
    this.stood = await readStood(client)
    this.position = position
  }

  private async lead(client: pg.Client): Promise<void> {
    await this.look(client)
    for (let batches = 0; !this.led.isStopped();) {
      await this.watch(client)
      const projected = await this.options.reader.projectedPosition()
      const hasNews = projected > this.position
      if (hasNews) await this.write(client, projected)
      batches += 1
      const isDue = projected === this.position || batches >= AGAIN_AFTER_BATCHES
      if (isDue) batches = 0
      if (isDue && !(await this.tellAgain(client, projected)) && !hasNews) await this.waitForNews(client)
      this.led.goesOn()
    }
  }

  private async waitForNews(client: pg.Client): Promise<void> {
    const { ledger, reader } = this.options
    await ledger.waitForAppend(this.position, IDLE_WAIT_MS, this.led.signal)
    if ((await readFeedHead(client)).position !== this.position) throw new FeedMoved()
    if ((await reader.projectedPosition()) <= this.position) await pause(INDEX_WAIT_MS, this.led.signal)
  }

  private async write(client: pg.Client, projected: number): Promise<void> {
    const { clock, onCut } = this.options
    const news = await readNews(this.options, this.position, projected)
    const derived = await derive(this.knowing(projected), news)
    if (derived.isCut) onCut?.()
    await transaction(client, async () => {
      await writeTold(client, derived, clock.now(), { from: this.position, to: news.to })
      for (const tombstone of news.events.filter(isErasure))
        await client.query('SELECT feed_erase($1)', [tombstone.position])
    })
    this.hasAgain = true
    this.stood = derived.surroundings
    this.position = news.to
  }

  /** One piece of what has to be told again. False: there was nothing. */
  private async tellAgain(client: pg.Client, projected: number): Promise<boolean> {
    const waiting = await oldestWaiting(client)
    this.hasAgain = waiting.length > 0
    if (!this.hasAgain) return false
    const piece = await nextPiece(client, waiting, this.options.againFactsMax ?? AGAIN_FACTS_MAX)
    const told = await deriveAgain(this.knowing(projected), piece.facts)
    const step = { from: this.position, to: this.position, piece }
    await transaction(client, () => writeTold(client, told, this.options.clock.now(), step))
    this.stood = told.surroundings
    return true
  }

  private knowing(projected: number): Knowing {
    const { reader, interpretation } = this.options
    return { reader, interpretation, asOf: knownAt(projected), stood: this.stood }
  }

  private async watch(client: pg.Client): Promise<void> {
    const { watch, clock } = this.options
    const now = clock.now()
    if (watch === undefined || (this.watchedAt !== undefined && now - this.watchedAt < WATCH_EVERY_MS)) return
    this.watchedAt = now
    const drafts = await watch()
    if (drafts.length > 0) await transaction(client, () => appendToFeed(client, drafts, now))
  }
}

function isErasure({ type, stream }: LedgerEvent): boolean {
  return type === 'EventsErased' && stream.startsWith('erasure:')
}
