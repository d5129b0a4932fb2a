import { parentPort, Worker, workerData } from 'node:worker_threads'

/** What an asked thread hands back; `moved`: memory that goes over to the asker instead of being copied. */
export interface Handed<A> {
  readonly answer: A
  readonly moved: readonly ArrayBuffer[]
}

interface Waiting {
  readonly resolve: (answer: never) => void
  readonly reject: (error: Error) => void
}

/** The first of all replies: what the file imports is loaded. */
const BEGUN = 'ready'
type Reply =
  | typeof BEGUN
  | { readonly number: number; readonly answer: unknown }
  | { readonly number: number; readonly error: Error }

/** A thread that answers questions, several at a time. Once it has failed it answers no more: whoever waits is told, and begins another. */
export class AskedThread<Q, A> {
  private readonly worker: Worker
  private readonly waiting = new Map<number, Waiting>()
  private asked = 0
  private ended: Error | undefined
  private begun = false

  /**
   * `file`: JavaScript that calls `answerInThread`; `data` is copied into the thread: plain data, no functions. `onEnd` is told once what ended it
   * unasked.
   */
  constructor(
    file: URL,
    data: unknown,
    private readonly onEnd: (error: Error) => void = () => undefined,
  ) {
    this.worker = new Worker(file, { workerData: data })
    this.worker.on('message', (reply: Reply) => this.take(reply))
    this.worker.on('error', (error) => this.fail(error))
    this.worker.once('exit', (code) => this.fail(new Error(`a thread that was asked has ended (${code})`)))
  }

  /** It has loaded its file; whoever asks before waits for that. */
  get hasBegun(): boolean {
    return this.begun
  }

  /** Rejects with what the thread threw, or with what ended it. */
  ask(question: Q): Promise<A> {
    if (this.ended !== undefined) return Promise.reject(this.ended)
    const number = this.asked++
    return new Promise<A>((resolve, reject) => {
      this.waiting.set(number, { resolve, reject })
      this.worker.postMessage({ number, question })
    })
  }

  /** Whoever still waits is rejected. */
  async end(): Promise<void> {
    this.reject(new Error('a thread that was asked has ended'))
    await this.worker.terminate()
  }

  private take(reply: Reply): void {
    if (reply === BEGUN) {
      this.begun = true
      return
    }
    const waiting = this.waiting.get(reply.number)
    this.waiting.delete(reply.number)
    if ('error' in reply) waiting?.reject(reply.error)
    else waiting?.resolve(reply.answer as never)
  }

  private fail(error: Error): void {
    if (this.ended !== undefined) return
    this.reject(error)
    this.onEnd(error)
  }

  private reject(error: Error): void {
    this.ended ??= error
    for (const { reject } of this.waiting.values()) reject(this.ended)
    this.waiting.clear()
  }
}

/** In the file of a thread that is asked: `begin` takes what the thread was begun with. What it throws ends the thread. */
export function answerInThread(begin: (data: unknown) => (question: unknown) => Promise<Handed<unknown>>): void {
  const port = parentPort
  if (port === null) throw new Error('this file runs in a thread only')
  const answerTo = begin(workerData)
  port.on('message', ({ number, question }: { number: number; question: unknown }) => {
    answerTo(question).then(
      ({ answer, moved }) => port.postMessage({ number, answer }, [...moved]),
      (error: unknown) => port.postMessage({ number, error }),
    )
  })
  port.postMessage(BEGUN)
}
