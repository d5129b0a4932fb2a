import { Worker } from 'node:worker_threads'
import type { Piece, PieceQuestion } from './piece.js'

/** A thread that died is not begun again for so long: until then pieces are read here. */
const REST_MS = 30_000

export const READY = 'ready'

/** To the thread; `undefined` ends it. */
export type ToPieceThread = { readonly number: number; readonly question: PieceQuestion } | undefined
/** From the thread; first, that it has begun. */
export type FromPieceThread = typeof READY | PieceAnswer
type PieceAnswer = { readonly number: number } & ({ readonly piece: Piece } | { readonly fault: string })

interface Waiting {
  readonly resolve: (piece: Piece) => void
  readonly reject: (error: Error) => void
}

/** Reads pieces in a thread of its own, which begins with the first question. Rejects what it cannot answer, not yet or not any more. */
export class PieceThread {
  private worker: Worker | undefined
  private isReady = false
  private restsUntil = 0
  private number = 0
  private readonly waiting = new Map<number, Waiting>()

  /** `file`: JavaScript that calls `servePieces`. */
  constructor(
    private readonly file: URL,
    private readonly databaseUrl: string,
    private readonly onError: (error: unknown) => void,
  ) {}

  read(question: PieceQuestion): Promise<Piece> {
    if (this.worker === undefined && performance.now() >= this.restsUntil) this.worker = this.begin()
    const { worker } = this
    // It loads for longer than a page takes: nobody waits for that.
    if (worker === undefined || !this.isReady) return Promise.reject(new Error('the thread has not begun'))
    const number = ++this.number
    return new Promise((resolve, reject) => {
      this.waiting.set(number, { resolve, reject })
      worker.postMessage({ number, question } satisfies ToPieceThread)
    })
  }

  async stop(): Promise<void> {
    const { worker } = this
    if (worker === undefined) return
    const ended = new Promise((resolve) => worker.once('exit', resolve))
    worker.postMessage(undefined)
    await ended
  }

  private begin(): Worker {
    const worker = new Worker(this.file, { workerData: this.databaseUrl })
    worker.on('message', (answer: FromPieceThread) => this.settle(answer))
    worker.on('error', this.onError)
    worker.once('exit', (code) => {
      this.worker = undefined
      this.isReady = false
      const error = new Error(`a thread ended unasked (${code}): ${this.file.pathname}`)
      for (const { reject } of this.waiting.values()) reject(error)
      this.waiting.clear()
      if (code === 0) return
      this.restsUntil = performance.now() + REST_MS
      this.onError(error)
    })
    return worker
  }

  private settle(answer: FromPieceThread): void {
    if (answer === READY) {
      this.isReady = true
      return
    }
    const waiting = this.waiting.get(answer.number)
    this.waiting.delete(answer.number)
    if ('piece' in answer) waiting?.resolve(answer.piece)
    else waiting?.reject(new Error(answer.fault))
  }
}
