import { setTimeout as sleep } from 'node:timers/promises'
import { parentPort, Worker, workerData } from 'node:worker_threads'

const RESTART_WAIT_MS = 500
const RESTART_WAIT_MAX_MS = 30_000
/** A thread that lived for so long had begun well: the next one need not wait long. */
const LIVED_MS = 60_000

/** What runs in a thread; it ends when `stop` has resolved. */
export interface ThreadPart {
  stop(): Promise<void>
}

export interface ThreadOptions {
  /** JavaScript that calls `inThread`. */
  readonly file: URL
  /** Copied into the thread: plain data, no functions. */
  readonly data: unknown
  /** Told of what ends a thread unasked. */
  readonly onError: (error: unknown) => void
}

/** A part of this process that keeps nobody else's events waiting. One that ends unasked is started again. */
export class Thread {
  private readonly stopping = new AbortController()
  private running: Promise<void> | undefined
  private worker: Worker | undefined
  private failures = 0

  constructor(private readonly options: ThreadOptions) {}

  start(): void {
    this.running ??= this.run()
  }

  /** Resolves when the part has stopped and its thread ended. */
  async stop(): Promise<void> {
    this.stopping.abort()
    this.worker?.postMessage(STOP)
    await this.running
  }

  private isStopped(): boolean {
    return this.stopping.signal.aborted
  }

  private async run(): Promise<void> {
    while (!this.isStopped()) {
      const begun = performance.now()
      const code = await this.live()
      if (this.isStopped()) return
      this.options.onError(new Error(`a thread ended unasked (${code}): ${this.options.file.pathname}`))
      if (performance.now() - begun > LIVED_MS) this.failures = 0
      const waitMs = Math.min(RESTART_WAIT_MS * 2 ** this.failures++, RESTART_WAIT_MAX_MS)
      await sleep(waitMs, undefined, { signal: this.stopping.signal }).catch(() => undefined)
    }
  }

  /** Resolves with the exit code. */
  private live(): Promise<number> {
    return new Promise((resolve) => {
      const worker = new Worker(this.options.file, { workerData: this.options.data })
      this.worker = worker
      worker.on('error', this.options.onError)
      worker.once('exit', (code) => {
        this.worker = undefined
        resolve(code)
      })
    })
  }
}

const STOP = 'stop'

/** In the file of a thread: begins the part, and stops it when the process does. What `begin` throws ends the thread. */
export async function inThread(begin: (data: unknown) => ThreadPart | Promise<ThreadPart>): Promise<void> {
  const port = parentPort
  if (port === null) throw new Error('this file runs in a thread only')
  const stopped = new Promise<void>((resolve) => port.once('message', () => resolve()))
  const part = await begin(workerData)
  await stopped
  await part.stop()
  port.close()
}
