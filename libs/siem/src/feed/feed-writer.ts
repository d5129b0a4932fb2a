import { NO_SURROUNDINGS, type Surroundings } from '@catena/governance'
import { isTombstone, Tombstones, type Ledger } from '@catena/ledger'
import { transaction, type Clock } from '@catena/platform'
import { knownAt, LEADS, LedWork, pause, type AccessReader, type Interpretation } from '@catena/projections'
import type pg from 'pg'
import { nextPiece, oldestWaiting } from './again/again-table.js'
import { writeTold } from './again/write-told.js'
import { derive, deriveAgain, type Derived, type Knowing } from './derive.js'
import type { FeedDraft } from './event.js'
import { appendToFeed, FeedMoved, readFeedHead, readStood } from './feed-table.js'
import { readNews, type News } from './news.js'

/** Ledger events of one transaction of the feed. */
const BATCH_EVENTS_MAX = 1_000
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

/** News, and what it adds to the feed. */
interface Step {
  readonly news: News
  readonly told: Derived
  /** Events that the access index held behind them. */
  readonly left: number
}

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
  /** Ledger events of one transaction. */
  readonly batchEventsMax?: number
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
  private readonly tombstones: Tombstones
  /** The step after the one that is being written, derived meanwhile where enough news waits for it. */
  private ahead: Promise<Step | undefined> | undefined

  constructor(private readonly options: FeedWriterOptions) {
    this.tombstones = new Tombstones(options.reader.pool)
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
    await this.tombstones.follow()
    await this.look(client)
    try {
      await this.goOn(client)
    } finally {
      await this.ahead?.catch(() => undefined)
      this.ahead = undefined
    }
  }

  private async goOn(client: pg.Client): Promise<void> {
    for (let batches = 1; !this.led.isStopped(); batches++) {
      await this.watch(client)
      const step = await (this.ahead ?? this.follow(this.position, this.stood))
      this.ahead = undefined
      const isDue = step === undefined || step.left === 0 || batches >= AGAIN_AFTER_BATCHES
      // What is told again knows more than a step that was derived before it: nothing newer may be followed by something older.
      if (!isDue) this.lookAhead(step)
      if (step !== undefined) await this.write(client, step)
      if (isDue) batches = 0
      if (isDue && !(await this.tellAgain(client)) && step === undefined) await this.waitForNews(client)
      this.led.goesOn()
    }
  }

  private async waitForNews(client: pg.Client): Promise<void> {
    const { ledger, reader } = this.options
    await ledger.waitForAppend(this.position, IDLE_WAIT_MS, this.led.signal)
    if ((await readFeedHead(client)).position !== this.position) throw new FeedMoved()
    if ((await reader.projectedPosition()) <= this.position) await pause(INDEX_WAIT_MS, this.led.signal)
  }

  /** What the access index has folded after a position, and what it adds to a feed that stands as given. Reads only. Undefined: nothing. */
  private async follow(after: number, stood: Surroundings): Promise<Step | undefined> {
    const projected = await this.options.reader.projectedPosition()
    if (projected <= after) return undefined
    const news = await readNews(this.options, after, projected, this.batchEventsMax)
    return { news, told: await derive(this.knowing(projected, stood), news), left: projected - news.to }
  }

  private async write(client: pg.Client, { news, told }: Step): Promise<void> {
    const { clock, onCut } = this.options
    if (told.isCut) onCut?.()
    const erasures = news.events.filter(isTombstone)
    if (erasures.length > 0) await this.tombstones.follow()
    await transaction(client, async () => {
      await writeTold(client, told, clock.now(), { from: news.after, to: news.to, isErased: this.isErased })
      for (const { position } of erasures) await client.query('SELECT feed_erase($1)', [position])
    })
    this.hasAgain = true
    this.stood = told.surroundings
    this.position = news.to
  }

  /** The access index tells of what was erased until it is built anew. */
  private readonly isErased = (position: number): boolean => this.tombstones.names(position)

  private get batchEventsMax(): number {
    return this.options.batchEventsMax ?? BATCH_EVENTS_MAX
  }

  /** Where enough waits for it. If it fails, so does whoever waits for it. */
  private lookAhead({ news, told, left }: Step): void {
    if (left < this.batchEventsMax / 2 || this.led.isStopped()) return
    this.ahead = this.follow(news.to, told.surroundings)
    this.ahead.catch(() => undefined)
  }

  /** One piece of what has to be told again. False: there was nothing. */
  private async tellAgain(client: pg.Client): Promise<boolean> {
    const waiting = await oldestWaiting(client)
    this.hasAgain = waiting.length > 0
    if (!this.hasAgain) return false
    const piece = await nextPiece(client, waiting, this.options.againFactsMax ?? AGAIN_FACTS_MAX)
    const projected = await this.options.reader.projectedPosition()
    const told = await deriveAgain(this.knowing(projected, this.stood), piece.facts)
    const step = { from: this.position, to: this.position, isErased: this.isErased }
    await transaction(client, () => writeTold(client, told, this.options.clock.now(), step, piece))
    this.stood = told.surroundings
    return true
  }

  private knowing(projected: number, stood: Surroundings): Knowing {
    const { reader, interpretation } = this.options
    return { reader, interpretation, asOf: knownAt(projected), stood }
  }

  private async watch(client: pg.Client): Promise<void> {
    const { watch, clock } = this.options
    // Of the process: a clock that is set back must not keep it from looking.
    const ticks = performance.now()
    if (watch === undefined || (this.watchedAt !== undefined && ticks - this.watchedAt < WATCH_EVERY_MS)) return
    this.watchedAt = ticks
    const drafts = await watch()
    if (drafts.length > 0) await transaction(client, () => appendToFeed(client, drafts, clock.now()))
  }
}
