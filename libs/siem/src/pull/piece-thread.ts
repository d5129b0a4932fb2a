import { AskedThread } from '@catena/platform'
import type { Piece, PieceQuestion } from './piece.js'

/** A thread that died is not begun again for so long: until then pieces are read here. */
const REST_MS = 30_000

/** Reads pieces in a thread of its own, which begins with the first question. Rejects what it cannot answer, not yet or not any more. */
export class PieceThread {
  private thread: AskedThread<PieceQuestion, Piece> | undefined
  private restsUntil = 0

  /** `file`: JavaScript that calls `servePieces`. */
  constructor(
    private readonly file: URL,
    private readonly databaseUrl: string,
    private readonly onError: (error: unknown) => void,
  ) {}

  read(question: PieceQuestion): Promise<Piece> {
    if (this.thread === undefined && performance.now() >= this.restsUntil) this.thread = this.begin()
    // It loads for longer than a page takes: nobody waits for that.
    if (this.thread?.hasBegun !== true) return Promise.reject(new Error('the thread has not begun'))
    return this.thread.ask(question)
  }

  async stop(): Promise<void> {
    await this.thread?.end()
  }

  private begin(): AskedThread<PieceQuestion, Piece> {
    return new AskedThread(this.file, this.databaseUrl, (error) => {
      this.thread = undefined
      this.restsUntil = performance.now() + REST_MS
      this.onError(error)
    })
  }
}
