import type pg from 'pg'
import type { WakeSignal } from '@catena/platform'
import { hashAt, oldestSequence, readFeedHead, sequenceBefore } from '../feed/feed-table.js'
import { readCursor, writeCursor, type CursorBinding, type Place } from './cursor.js'
import type { Piece, ReadPiece, Span } from './piece.js'
import { piecesInOrder } from './pieces-in-order.js'
import { BadQuestion, normalForm, type PullQuestion } from './question.js'

/** Of an answer: a filter that lets little through ends it early, with a cursor that is further. */
const EVENTS_SEARCHED_MAX = 20_000
/** So many withheld ones end an answer, up to a piece more: they stand in a header, and clients take 16 kB of headers. */
const WITHHELD_MAX = 400

export interface PullAnswer {
  /** Texts of the events in UTF-8, several in a piece with the joint between them. */
  readonly pieces: readonly Uint8Array[]
  /** First and last event among them that tells of something else than a pull of the feed; absent: none does. */
  readonly tells: Span | undefined
  /** For the next question. */
  readonly cursor: string
  readonly hasMore: boolean
  /** Last sequence of the feed. */
  readonly highWatermark: number
  /** First sequence that is still there; 0 where the feed is empty. */
  readonly oldestAvailable: number
  /** Events that may not leave, by their sequence: they are missing from the pieces, and not silently. */
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
  readonly signal: WakeSignal
  /** Take turns; each may work in a thread of its own. */
  readonly readers: readonly [ReadPiece, ...ReadPiece[]]
  /** 32 secret bytes of this installation. */
  readonly cursorKey: Buffer
}

/** Events in commit order, in the caller's format. `joint` stands between two. Throws BadQuestion, CursorOfAnother, CursorExpired. */
export async function pull(
  desk: PullDesk,
  question: PullQuestion & { readonly joint: string },
  caller: string,
  gone?: AbortSignal,
): Promise<PullAnswer> {
  const binding = { caller, question: normalForm(question) }
  const start = await startOf(desk, question, binding)
  const deadline = performance.now() + question.waitMs
  let found = await search(desk, question, start)
  while (found.count + found.withheld.length === 0 && performance.now() < deadline && gone?.aborted !== true) {
    if (found.reached.sequence >= found.head) await desk.signal.next(deadline - performance.now(), gone)
    found = await search(desk, question, found.reached)
  }
  return {
    pieces: found.pieces,
    tells: found.tells,
    withheld: found.withheld,
    cursor: writeCursor(desk.cursorKey, found.reached, binding),
    hasMore: found.reached.sequence < found.head,
    highWatermark: found.head,
    oldestAvailable: (await oldestSequence(desk.pool)) ?? 0,
  }
} // prettier-ignore

async function startOf(desk: PullDesk, question: PullQuestion, binding: CursorBinding): Promise<Place> {
  const [oldest = 1, head] = [await oldestSequence(desk.pool), (await readFeedHead(desk.pool)).sequence]
  const start = await placeOf(desk, question, binding, oldest)
  if (start.sequence > head) throw new BadQuestion(`this place is in the future: the feed ends at ${head}`)
  if (start.sequence < oldest - 1) throw new CursorExpired(oldest)
  await requireSameHistory(desk, start)
  return start
}

async function placeOf(desk: PullDesk, question: PullQuestion, binding: CursorBinding, oldest: number): Promise<Place> {
  if (question.after !== undefined) return { sequence: question.after }
  if (question.since !== undefined) return { sequence: Math.max(oldest - 1, await sequenceBefore(desk.pool, question.since)) }
  if (question.cursor === undefined) return { sequence: oldest - 1 }
  const read = readCursor(desk.cursorKey, question.cursor, binding)
  if (typeof read === 'object') return read
  if (read === 'of another caller') throw new CursorOfAnother()
  throw new BadQuestion(`the cursor is ${read}: give back the one of the answer before, with the same filter and format`)
} // prettier-ignore

/** After a restore from an older copy a sequence may stand for another event: going on behind it would skip what was written since. */
async function requireSameHistory({ pool }: PullDesk, { sequence, hash }: Place): Promise<void> {
  const stands = hash === undefined ? undefined : await hashAt(pool, sequence)
  if (stands !== undefined && stands !== hash)
    throw new BadQuestion(
      'the feed was restored from an older copy since this cursor was given: begin with after= or since=',
    )
}

interface Found {
  readonly pieces: Uint8Array[]
  /** Events in the pieces. */
  readonly count: number
  readonly tells: Span | undefined
  readonly withheld: number[]
  readonly reached: Place
  readonly head: number
}

async function search({ pool, readers }: PullDesk, question: PullQuestion & { readonly joint: string }, from: Place): Promise<Found> {
  const { filter, format, limit, joint } = question
  const head = (await readFeedHead(pool)).sequence
  const found = { pieces: [] as Uint8Array[], count: 0, tells: undefined as Span | undefined, withheld: [] as number[], reached: from, head }
  const take = ({ bytes, count, tells, withheld, reached }: Piece): void => {
    if (count > 0) found.pieces.push(bytes)
    found.count += count
    if (tells !== undefined) found.tells = { first: found.tells?.first ?? tells.first, last: tells.last }
    found.withheld.push(...withheld)
    found.reached = reached ?? found.reached
  }
  const searchedMax = Object.keys(filter).length === 0 ? limit : EVENTS_SEARCHED_MAX
  const eventsMax = Math.min(searchedMax, head - from.sequence)
  const asked = { format, filter, joint }
  for await (const piece of piecesInOrder(readers, asked, { after: from.sequence, eventsMax })) {
    const room = limit - found.count
    take(piece.count <= room ? piece : await readers[0]({ ...asked, after: found.reached.sequence, eventsMax: piece.eventsRead, textsMax: room }))
    if (found.count === limit || found.withheld.length >= WITHHELD_MAX) break
  }
  return found
} // prettier-ignore
