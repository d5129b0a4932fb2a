import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { accessIndexRunner } from './access.js'
import type { Instance } from './instance.js'

/** Keeps the access index up with the ledger. */
export interface AccessIndexKeeper {
  start(): void
  /** Resolves when the batch under way is committed. */
  stop(): Promise<void>
  /** Resolves when the index has read up to the position. */
  caughtUp(position: number): Promise<void>
}

export type ToThread = { readonly ask: 'caughtUp'; readonly position: number } | { readonly ask: 'stop' }
export type FromThread =
  { readonly told: 'caughtUp'; readonly position: number } | { readonly told: 'fault'; readonly message: string }

/** Memory of the thread: batches come and go, nothing stays. */
const LIMITS = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 48 }
const RESTART_WAIT_MS = 1_000

/** A thread of its own, so that taking in and indexing use two cores; in this one where there is no second core or nothing compiled to start. */
export function keepAccessIndex(
  instance: Pick<Instance, 'databaseUrl' | 'ledger' | 'interpretation'>,
  onError: (error: unknown) => void,
): AccessIndexKeeper {
  const isCompiled = import.meta.url.endsWith('.js')
  if (!isCompiled || availableParallelism() < 2) return accessIndexRunner(instance, onError)
  return new AccessIndexThread({ databaseUrl: instance.databaseUrl, sources: instance.interpretation.sources }, onError)
}

class AccessIndexThread implements AccessIndexKeeper {
  private worker: Worker | undefined
  private stopping = false
  private ended: Promise<void> = Promise.resolve()
  private readonly waiting = new Map<number, (() => void)[]>()

  constructor(
    private readonly data: object,
    private readonly onError: (error: unknown) => void,
  ) {}

  start(): void {
    const worker = new Worker(new URL('./access-index.worker.js', import.meta.url), {
      workerData: this.data,
      resourceLimits: LIMITS,
    })
    this.worker = worker
    worker.on('message', (message: FromThread) => this.hear(message))
    worker.on('error', this.onError)
    this.ended = new Promise((resolve) => worker.once('exit', () => resolve()))
    worker.once('exit', () => this.restartUnlessStopping())
    for (const position of this.waiting.keys()) this.tell({ ask: 'caughtUp', position })
  }

  caughtUp(position: number): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.set(position, [...(this.waiting.get(position) ?? []), resolve])
      this.tell({ ask: 'caughtUp', position })
    })
  }

  async stop(): Promise<void> {
    this.stopping = true
    this.tell({ ask: 'stop' })
    await this.ended
  }

  private tell(message: ToThread): void {
    this.worker?.postMessage(message)
  }

  private hear(message: FromThread): void {
    if (message.told === 'fault') {
      this.onError(new Error(message.message))
      return
    }
    for (const resolve of this.waiting.get(message.position) ?? []) resolve()
    this.waiting.delete(message.position)
  }

  /** The checkpoint lies in the database, so a thread that died loses nothing. */
  private restartUnlessStopping(): void {
    if (!this.stopping) setTimeout(() => this.stopping || this.start(), RESTART_WAIT_MS)
  }
}
