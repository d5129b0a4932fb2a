import type { Clock } from '@catena/platform'
import type pg from 'pg'
import { matches } from '../delivery/matches.js'
import { isRefused, prepare } from '../delivery/prepare.js'
import type { FeedEvent } from '../feed/event.js'
import type { FeedSignal } from '../feed/feed-signal.js'
import { oldestSequence, readFeed, readFeedHead, sequenceBefore } from '../feed/feed-table.js'
import { readCursor, writeCursor, type CursorBinding } from './cursor.js'
import { BadQuestion, normalForm, type PullQuestion } from './question.js'

/** Events read at once while a filter is searched; a filter that lets little through ends an answer early, with a cursor that is further. */
const READ_EVENTS_MAX = 2_000
/** Of an answer: who asks for more gets it in the next. */
const EVENTS_SEARCHED_MAX = 20_000
const EVENT_BYTES_MAX = 256 * 1024

export interface PullAnswer {
  readonly lines: readonly string[]
  /** For the next question. */
  readonly cursor: string
  readonly hasMore: boolean
  /** Last sequence of the feed. */
  readonly highWatermark: number
  /** First sequence that is still there; 0 where the feed is empty. */
  readonly oldestAvailable: number
  /** Events that may not leave, by their sequence: they are missing from the lines, and not silently. */
  readonly withheld: readonly number[]
}

/** The cursor names a place that is no longer in the feed. */
export class CursorExpired extends Error {
  constructor(readonly oldestAvailable: number) {
    super(`the events after this cursor are no longer here; the oldest is ${oldestAvailable}: ask with after=${oldestAvailable - 1}`)
    this.name = 'CursorExpired'
  }
} // prettier-ignore

/** The cursor belongs to somebody else. */
export class CursorOfAnother extends Error {
  constructor() {
    super('this cursor was given to another caller: begin without a cursor, with after= or since=')
    this.name = 'CursorOfAnother'
  }
}

export interface PullDesk {
  readonly pool: pg.Pool
  readonly signal: FeedSignal
  readonly clock: Clock
  /** 32 secret bytes of this installation. */
  readonly cursorKey: Buffer
}

/** Events in commit order, in the caller's format. Throws BadQuestion, CursorOfAnother, CursorExpired. */
export async function pull(desk: PullDesk, question: PullQuestion, caller: string, gone?: AbortSignal): Promise<PullAnswer> {
  const binding = { caller, question: normalForm(question) }
  const start = await startOf(desk, question, binding)
  const deadline = performance.now() + question.waitMs
  let found = await search(desk, question, start)
  while (found.lines.length === 0 && performance.now() < deadline && gone?.aborted !== true) {
    if (found.reached >= found.head) await desk.signal.next(deadline - performance.now(), gone)
    found = await search(desk, question, found.reached)
  }
  return {
    lines: found.lines,
    withheld: found.withheld,
    cursor: writeCursor(desk.cursorKey, found.reached, binding),
    hasMore: found.reached < found.head,
    highWatermark: found.head,
    oldestAvailable: (await oldestSequence(desk.pool)) ?? 0,
  }
} // prettier-ignore

async function startOf(desk: PullDesk, question: PullQuestion, binding: CursorBinding): Promise<number> {
  const [oldest = 1, head] = [await oldestSequence(desk.pool), (await readFeedHead(desk.pool)).sequence]
  const start = await placeOf(desk, question, binding, oldest)
  if (start > head) throw new BadQuestion(`this place is in the future: the feed ends at ${head}`)
  if (start < oldest - 1) throw new CursorExpired(oldest)
  return start
}

async function placeOf(desk: PullDesk, question: PullQuestion, binding: CursorBinding, oldest: number): Promise<number> {
  if (question.after !== undefined) return question.after
  if (question.since !== undefined) return Math.max(oldest - 1, await sequenceBefore(desk.pool, question.since))
  if (question.cursor === undefined) return oldest - 1
  const read = readCursor(desk.cursorKey, question.cursor, binding)
  if (typeof read === 'number') return read
  if (read === 'of another caller') throw new CursorOfAnother()
  throw new BadQuestion(`the cursor is ${read}: give back the one of the answer before, with the same filter and format`)
} // prettier-ignore

interface Found {
  readonly lines: string[]
  readonly withheld: number[]
  readonly reached: number
  readonly head: number
}

async function search({ pool, clock }: PullDesk, question: PullQuestion, after: number): Promise<Found> {
  const head = (await readFeedHead(pool)).sequence
  const found = { lines: [] as string[], withheld: [] as number[], reached: after, head }
  const pieces = readAhead(pool, after, Math.min(READ_EVENTS_MAX, question.limit))
  for await (const events of pieces) {
    for (const event of events) {
      if (found.lines.length === question.limit) break
      found.reached = event.sequence
      if (!matches(question.filter, event)) continue
      const prepared = prepare({ format: question.format, eventBytesMax: EVENT_BYTES_MAX }, event, clock.now())
      if (isRefused(prepared)) found.withheld.push(event.sequence)
      else found.lines.push(prepared.text)
    }
    if (found.lines.length === question.limit || found.reached >= head || found.reached - after >= EVENTS_SEARCHED_MAX)
      break
  }
  return found
}

/** The feed in pieces; the next is read while the one before is rendered. */
async function* readAhead(pool: pg.Pool, after: number, limit: number): AsyncGenerator<FeedEvent[]> {
  let next = readFeed(pool, after, limit)
  for (;;) {
    const events = await next
    const last = events.at(-1)?.sequence
    if (last === undefined) return
    const isLast = events.length < limit
    if (!isLast) {
      next = readFeed(pool, last, limit)
      next.catch(() => undefined)
    }
    yield events
    if (isLast) return
  }
}
