import { parentPort, workerData } from 'node:worker_threads'
import { createPool, systemClock } from '@catena/platform'
import { pieceReader, type PieceQuestion } from './piece.js'
import { READY, type FromPieceThread, type ToPieceThread } from './piece-thread.js'

/** One that is rendered and one that is read. */
const CONNECTIONS_MAX = 2

/** In the file of a thread: answers a PieceThread until that ends it. */
export function servePieces(): void {
  const port = parentPort
  if (port === null) throw new Error('this file runs in a thread only')
  const pool = createPool(workerData as string, { applicationName: 'catena-pull', max: CONNECTIONS_MAX })
  const read = pieceReader(pool, systemClock)
  const answer = async (number: number, question: PieceQuestion): Promise<void> => {
    try {
      const piece = await read(question)
      // Handed over, not copied.
      port.postMessage({ number, piece } satisfies FromPieceThread, [piece.bytes.buffer])
    } catch (error) {
      port.postMessage({ number, fault: (error as Error).message } satisfies FromPieceThread)
    }
  }
  port.on('message', (asked: ToPieceThread) => {
    if (asked !== undefined) void answer(asked.number, asked.question)
    else void pool.end().then(() => port.close())
  })
  port.postMessage(READY)
}
