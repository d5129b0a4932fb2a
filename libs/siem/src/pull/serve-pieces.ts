import { answerInThread, createPool, systemClock } from '@catena/platform'
import { pieceReader, type PieceQuestion } from './piece.js'

/** One that is rendered and one that is read. */
const CONNECTIONS_MAX = 2

/** In the file of a thread: answers a PieceThread until that ends it. */
export function servePieces(): void {
  answerInThread((databaseUrl) => {
    const pool = createPool(databaseUrl as string, { applicationName: 'catena-pull', max: CONNECTIONS_MAX })
    const read = pieceReader(pool, systemClock)
    return async (question) => {
      const answer = await read(question as PieceQuestion)
      return { answer, moved: [answer.bytes.buffer] }
    }
  })
}
