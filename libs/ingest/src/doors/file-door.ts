import type { Instant } from '@catena/domain'
import { setTimeout as sleep } from 'node:timers/promises'
import { addTallies, EMPTY_TALLY, type Tally } from '../batching/tally.js'
import { InputFailure } from '../input/input-failure.js'
import { openFile, openPipe, type Input } from '../input/open-input.js'
import type { FileIngest, FileSummary } from './file-ingest.js'
import { FileReading, type ReadingContext } from './file-reading.js'

/** How often a followed file is looked at for more, ms. */
export const FOLLOW_POLL_MS = 500

/** How long a rotated file must give nothing until its writer is taken to have turned to the new one, in looks (30 s). */
const ROTATED_LOOKS_MAX = 60

/**
 * Reads a file or a pipe, plain or gzip, into the ledger. Resumable: the offset moves with each batch in its transaction.
 * Rejects only where the ledger does; what is wrong with the file is in the summary.
 */
export async function ingestFile(ingest: FileIngest): Promise<FileSummary> {
  const now = ingest.now ?? Date.now
  const run = new FileRun(ingest, now)
  const startedAt = now()
  let failure: InputFailure | undefined
  try {
    await run.readAll()
  } catch (error) {
    if (!(error instanceof InputFailure)) throw error
    failure = error
  }
  const { tally, resumedAt, waitingBytes } = run
  const elapsedMs = now() - startedAt
  const recordsPerSecond = Math.round((tally.read * 1000) / Math.max(1, elapsedMs))
  const summary = { ...tally, resumedAt, waitingBytes, elapsedMs, recordsPerSecond }
  return failure === undefined ? summary : { ...summary, failure: { code: failure.code, message: failure.message } }
}

/** A file that was renamed under its writer, who may not have let go of it yet. */
interface Rotated {
  readonly reading: FileReading
  /** Looks in a row that gave nothing. */
  quietLooks: number
}

class FileRun {
  resumedAt = 0
  waitingBytes = 0
  private ended: Tally = EMPTY_TALLY
  private current: FileReading | undefined
  private rotated: Rotated[] = []
  private hasBegun = false
  private readonly context: ReadingContext

  constructor(
    private readonly ingest: FileIngest,
    now: () => Instant,
  ) {
    const { source, keys, connectorFor, subjectsOf } = ingest
    const intake = { source, keys, connector: connectorFor(source.kind), ...(subjectsOf ? { subjectsOf } : {}) }
    this.context = { ingest, intake, now, onCommit: () => ingest.onProgress?.(this.tally) }
  }

  get tally(): Tally {
    const open = [...this.rotated.map(({ reading }) => reading), ...(this.current ? [this.current] : [])]
    return open.reduce((sum, { tally }) => addTallies(sum, tally), this.ended)
  }

  async readAll(): Promise<void> {
    try {
      if (this.ingest.follow === true) await this.follow()
      else await this.readOnce()
    } finally {
      for (const { reading } of this.rotated.splice(0)) await this.retire(reading)
      const last = this.current
      this.current = undefined
      if (last !== undefined) await this.retire(last)
    }
  }

  private async readOnce(): Promise<void> {
    this.current = new FileReading(await this.open(), this.context)
    await this.current.readOn()
  }

  private async follow(): Promise<void> {
    do {
      await this.readRotated()
      if (await this.readCurrent()) return
    } while (await this.pollAgain())
  }

  private async readRotated(): Promise<void> {
    for (const one of [...this.rotated]) {
      one.quietLooks = (await one.reading.readOn('pause')) > 0 ? 0 : one.quietLooks + 1
      if (one.quietLooks < ROTATED_LOOKS_MAX) continue
      await one.reading.readOn('final')
      this.rotated = this.rotated.filter((other) => other !== one)
      await this.retire(one.reading)
    }
  }

  /** What the path has now, also behind rotations. True: its end is final, so there is nothing to follow. */
  private async readCurrent(): Promise<boolean> {
    for (;;) {
      const reading = (this.current ??= await this.openNext())
      if (reading === undefined) return false
      const change = reading.isFinal ? 'none' : await reading.change()
      if (change === 'rewritten') await reading.giveUp()
      else await reading.readOn()
      if (change === 'none') return reading.isFinal
      this.current = undefined
      if (change === 'renamed') this.rotated.push({ reading, quietLooks: 0 })
      else await this.retire(reading)
    }
  }

  private async retire(reading: FileReading): Promise<void> {
    this.ended = addTallies(this.ended, reading.tally)
    this.waitingBytes += reading.waitingBytes
    this.resumedAt = reading.resumedAt
    await reading.close()
  }

  /** False once reading is to stop. */
  private async pollAgain(): Promise<boolean> {
    const { signal } = this.ingest
    await sleep(FOLLOW_POLL_MS, undefined, signal ? { signal } : {}).catch(() => undefined)
    return signal?.aborted !== true
  }

  /** Undefined: the file is empty yet, or in the midst of a rotation. */
  private async openNext(): Promise<FileReading | undefined> {
    const input = await this.open().catch((error: unknown) => {
      if (this.hasBegun && error instanceof InputFailure && error.code === 'cannot-open') return undefined
      throw error
    })
    this.hasBegun = true
    if (input === undefined) return undefined
    if (input.head.length > 0 || !input.canGrow) return new FileReading(input, this.context)
    await input.close()
    return undefined
  }

  private open(): Promise<Input> {
    const { path, pipe } = this.ingest
    if (path !== '-') return openFile(path)
    if (pipe === undefined) throw new InputFailure('cannot-open', 'no standard input to read from')
    return openPipe(pipe)
  }
}
