import type { Instant } from '@catena/domain'
import { LaneMoved, type Locator } from '@catena/ledger'
import { setTimeout as sleep } from 'node:timers/promises'
import { Batcher, type LaneCursor } from '../batching/batcher.js'
import { addTallies, EMPTY_TALLY, type Tally } from '../batching/tally.js'
import type { Framed } from '../framing/framed.js'
import { Framer } from '../framing/framer.js'
import { InputFailure } from '../input/input-failure.js'
import { openFile, openPipe, type Input } from '../input/open-input.js'
import { prepareRecord, type Intake } from '../pipeline/prepare.js'
import type { FileIngest, FileSummary } from './file-ingest.js'
import { wrongSource } from './right-source.js'

/** How often a followed file is looked at for more, ms. */
export const FOLLOW_POLL_MS = 500

/** How often a file is begun again because another process reads it too. */
const LANE_RETRIES_MAX = 5

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

class FileRun {
  resumedAt = 0
  waitingBytes = 0
  private earlier: Tally = EMPTY_TALLY
  private batcher: Batcher | undefined
  private readonly intake: Intake

  constructor(
    private readonly ingest: FileIngest,
    private readonly now: () => Instant,
  ) {
    const { source, keys, connectorFor, subjectsOf } = ingest
    this.intake = { source, keys, connector: connectorFor(source.kind), ...(subjectsOf ? { subjectsOf } : {}) }
  }

  get tally(): Tally {
    return this.batcher === undefined ? this.earlier : addTallies(this.earlier, this.batcher.tally)
  }

  async readAll(): Promise<void> {
    for (let collisions = 0; ;) {
      try {
        if (!(await this.readOne())) return
      } catch (error) {
        if (!(error instanceof LaneMoved) || ++collisions > LANE_RETRIES_MAX) throw error
      }
    }
  }

  /** True: the path has another file by now, to be read too. */
  private async readOne(): Promise<boolean> {
    const input = await this.open()
    try {
      if (input.head.length === 0 && this.ingest.follow === true) return await this.pollAgain()
      const lane = await this.laneOf(input)
      const start = lane?.stands === undefined ? 0 : await alignedStart(input, Number(lane.stands))
      this.resumedAt = start
      if (lane?.stands === undefined) this.requireSource(input)
      return await this.readFrom(input, lane, start)
    } finally {
      await input.close()
    }
  }

  /** By the records that lie whole in the first bytes; a file that was begun before is not judged again. */
  private requireSource({ head }: Input): void {
    const { source, connectorFor } = this.ingest
    const wrong = wrongSource([...new Framer().push(head)], source, connectorFor)
    if (wrong !== undefined) throw new InputFailure('wrong-source', wrong)
  }

  private async readFrom(input: Input, lane: LaneCursor | undefined, start: number): Promise<boolean> {
    const earlier = this.tally
    this.earlier = earlier
    const batcher = new Batcher(this.ingest.ledger, lane, this.now, (tally) =>
      this.ingest.onProgress?.(addTallies(earlier, tally)),
    )
    this.batcher = batcher
    const framer = new Framer(start)
    try {
      return await this.readInput(input, framer, batcher, start)
    } finally {
      this.waitingBytes = framer.waitingBytes
    }
  }

  private async readInput(input: Input, framer: Framer, batcher: Batcher, start: number): Promise<boolean> {
    const follow = this.ingest.follow === true
    for (let at = start; ;) {
      at += await this.readRest(input, framer, batcher, at)
      const replaced = follow && (await input.isReplaced(at))
      // What was written between the last read and the rotation.
      if (replaced) at += await this.readRest(input, framer, batcher, at)
      const isFinal = replaced || this.ingest.final === true || !input.canGrow
      await this.addAll(framer.end(isFinal ? 'final' : 'pause'), framer, batcher)
      await batcher.flush(framer.holes)
      if (replaced) return true
      if (!follow || isFinal || !(await this.pollAgain())) return false
    }
  }

  /** False once reading is to stop. */
  private async pollAgain(): Promise<boolean> {
    const { signal } = this.ingest
    await sleep(FOLLOW_POLL_MS, undefined, signal ? { signal } : {}).catch(() => undefined)
    return signal?.aborted !== true
  }

  /** Bytes read. What was read whole is committed also where the rest cannot be read. */
  private async readRest(input: Input, framer: Framer, batcher: Batcher, offset: number): Promise<number> {
    let read = 0
    try {
      for await (const piece of input.from(offset)) {
        read += piece.length
        await this.addAll(framer.push(piece), framer, batcher)
        await batcher.writeIfOld(framer.holes)
        if (this.ingest.signal?.aborted === true) break
      }
    } catch (error) {
      if (error instanceof InputFailure) await batcher.flush(framer.holes)
      throw error
    }
    return read
  }

  private async addAll(framed: Iterable<Framed>, framer: Framer, batcher: Batcher): Promise<void> {
    const receivedAt = this.now()
    for (const one of framed) {
      await batcher.add(prepareRecord(one, this.locate(one), receivedAt, this.intake), one.next, framer.holes)
    }
  }

  private locate({ from, to }: Framed): Locator {
    return { door: 'file', file: this.ingest.path, from, to }
  }

  private open(): Promise<Input> {
    const { path, pipe } = this.ingest
    if (path !== '-') return openFile(path)
    if (pipe === undefined) throw new InputFailure('cannot-open', 'no standard input to read from')
    return openPipe(pipe)
  }

  /** A file is known by its first bytes, whatever its name: a rotated or gzipped log goes on where it was left. */
  private async laneOf({ head, canResume }: Input): Promise<LaneCursor | undefined> {
    if (!canResume || head.length === 0) return undefined
    const { source, keys, ledger } = this.ingest
    const lane = `file:${source.id}/${keys.fileIdentity(source.id, head)}`
    return { lane, stands: await ledger.laneOffset(lane) }
  }
}

/** The offset, if a record can have ended there; else 0: a file that was changed is read again, and known records are duplicates. */
async function alignedStart(input: Input, offset: number): Promise<number> {
  if (offset === 0) return 0
  for await (const piece of input.from(offset - 1))
    return '}\n'.includes(String.fromCharCode(piece[0] ?? 0)) ? offset : 0
  return 0
}
