import type { Clock } from '@catena/platform'
import type pg from 'pg'
import type { FeedFilter } from '../delivery/destinations/destination.js'
import { matches } from '../delivery/matches.js'
import { isRefused, prepare } from '../delivery/prepare.js'
import type { FeedContent } from '../feed/event.js'
import { readFeed } from '../feed/feed-table.js'
import type { FormatName } from '../formats/format.js'
import type { Place } from './cursor.js'

const EVENT_BYTES_MAX = 256 * 1024

/** Asks for a run of the feed. Plain data, so that a thread can be asked. */
export interface PieceQuestion {
  readonly after: number
  /** Events of the feed to read, and texts to give of them at most. */
  readonly eventsMax: number
  readonly textsMax: number
  readonly format: FormatName
  readonly filter: FeedFilter
  /** Between two texts. */
  readonly joint: string
}

/** Texts of a run of the feed, looked over for secrets, and how far it went. */
export interface Piece {
  /** In UTF-8, with the joint between them, in memory of its own. */
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly count: number
  /** First and last sequence among them that tells of something else than a pull of the feed; absent: none does. */
  readonly tells: Span | undefined
  readonly withheld: readonly number[]
  /** The last event that was dealt with; undefined where there was none. */
  readonly reached: Place | undefined
  /** Events that the feed gave: fewer than asked for at its end alone. */
  readonly eventsRead: number
}

export interface Span {
  readonly first: number
  readonly last: number
}

/** The field by which reads of the feed stand in the ledger. */
export const PULL_FIELD = 'GET /v1/events'

export type ReadPiece = (question: PieceQuestion) => Promise<Piece>

/** Reads and renders in the caller's thread. */
export function pieceReader(pool: pg.Pool, clock: Clock): ReadPiece {
  return async ({ after, eventsMax, textsMax, format, filter, joint }) => {
    const events = await readFeed(pool, after, eventsMax)
    const [texts, withheld] = [[] as string[], [] as number[]]
    let reached: Place | undefined
    let tells: Span | undefined
    for (const event of events) {
      if (texts.length === textsMax) break
      reached = { sequence: event.sequence, hash: event.hash }
      if (!matches(filter, event)) continue
      const prepared = prepare({ format, eventBytesMax: EVENT_BYTES_MAX }, event, clock.now())
      if (isRefused(prepared)) withheld.push(event.sequence)
      else {
        texts.push(prepared.text)
        if (!isOfPull(event.content)) tells = { first: tells?.first ?? event.sequence, last: event.sequence }
      }
    }
    return { bytes: joined(texts, joint), count: texts.length, tells, withheld, reached, eventsRead: events.length }
  }
}

/** Were these reads told of as others are, whoever follows the feed would read of their own reading without end. */
function isOfPull({ kind, details }: FeedContent): boolean {
  return kind === 'evidence-viewed' && details?.['fields'] === PULL_FIELD
}

/** As bytes outside the heap: a whole answer of texts would be copied by each collection until it is sent. */
function joined(texts: readonly string[], joint: string): Uint8Array<ArrayBuffer> {
  const text = texts.join(joint)
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text))
  // What is ASCII is copied faster where nobody has to look at it again.
  bytes.write(text, bytes.length === text.length ? 'latin1' : 'utf8')
  return bytes
}
