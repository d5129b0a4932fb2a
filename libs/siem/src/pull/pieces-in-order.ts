import type { Piece, PieceQuestion, ReadPiece } from './piece.js'

/** Events of a piece: few, so that the first pieces are rendered while the next are read. */
const PIECE_EVENTS_MAX = 500
/** Asked of each reader at once: one that it renders, and one that the database reads meanwhile. */
const AHEAD_OF_READER = 2

interface Asked {
  readonly after: number
  readonly eventsMax: number
  readonly piece: Promise<Piece>
}

/**
 * The feed from a place on, at most so many events of it, in pieces that the readers make in turn. Sequences are contiguous, so a piece can be
 * asked for before the one before it is there; one that turns out not to follow it is forgotten and asked for again.
 */
export async function* piecesInOrder(
  readers: readonly [ReadPiece, ...ReadPiece[]],
  question: Pick<PieceQuestion, 'format' | 'filter' | 'joint'>,
  from: { readonly after: number; readonly eventsMax: number },
): AsyncGenerator<Piece> {
  let [next, left, turn] = [from.after, from.eventsMax, 0]
  const asked: Asked[] = []
  const askAhead = (): void => {
    while (left > 0 && asked.length < readers.length * AHEAD_OF_READER) {
      const eventsMax = Math.min(PIECE_EVENTS_MAX, left)
      const read = readers[turn++ % readers.length] ?? readers[0]
      const piece = read({ ...question, after: next, eventsMax, textsMax: eventsMax })
      // Whoever awaits it is told; nobody may.
      piece.catch(() => undefined)
      asked.push({ after: next, eventsMax, piece })
      ;[next, left] = [next + eventsMax, left - eventsMax]
    }
  }
  askAhead()
  for (let one = asked.shift(); one !== undefined; one = asked.shift()) {
    const piece = await one.piece
    if (piece.reached === undefined) return
    if (piece.reached.sequence !== one.after + one.eventsMax) {
      left += asked.reduce((sum, { eventsMax }) => sum + eventsMax, 0)
      asked.length = 0
      next = piece.reached.sequence
    }
    if (piece.eventsRead === one.eventsMax) askAhead()
    yield piece
    if (piece.eventsRead < one.eventsMax) return
  }
}
