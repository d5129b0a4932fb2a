import type { Instant } from '@catena/domain'
import { LaneMoved, type Locator } from '@catena/ledger'
import { Batcher, type LaneCursor } from '../batching/batcher.js'
import { addTallies, EMPTY_TALLY, type Tally } from '../batching/tally.js'
import type { Framed } from '../framing/framed.js'
import { Framer } from '../framing/framer.js'
import { ContentHash } from '../input/content-hash.js'
import { InputFailure } from '../input/input-failure.js'
import type { Input, InputChange } from '../input/open-input.js'
import { prepareRecord, type Intake } from '../pipeline/prepare.js'
import type { FileIngest } from './file-ingest.js'
import { wrongSource } from './right-source.js'

/** How often a file is begun again because another process reads it too, without a batch of this one in between. */
const LANE_RETRIES_MAX = 5

export interface ReadingContext {
  readonly ingest: FileIngest
  readonly intake: Intake
  readonly now: () => Instant
  /** Called after each commit. */
  readonly onCommit: () => void
}

/** One file or pipe on its way into the ledger: where it is read on, and what became of its records so far. */
export class FileReading {
  /** Offset at which reading began. */
  resumedAt = 0
  private framer = new Framer()
  private batcher: Batcher | undefined
  private content: ContentHash | undefined
  /** Offset of the next byte to read. */
  private at = 0
  /** Offset behind the last record. */
  private recordEnd = 0
  private earlier: Tally = EMPTY_TALLY
  private collisions = 0

  constructor(
    private readonly input: Input,
    private readonly context: ReadingContext,
  ) {}

  get tally(): Tally {
    return this.batcher === undefined ? this.earlier : addTallies(this.earlier, this.batcher.tally)
  }

  get waitingBytes(): number {
    return this.framer.waitingBytes
  }

  /** Nothing is added to it any more. */
  get isFinal(): boolean {
    return this.context.ingest.final === true || !this.input.canGrow
  }

  change(): Promise<InputChange> {
    return this.input.changeSince(this.at)
  }

  /** Reads what was added and commits what is whole of it; `final`: a half record is truncated. Resolves to the bytes read. Throws InputFailure. */
  readOn(flush: 'pause' | 'final' = this.isFinal ? 'final' : 'pause'): Promise<number> {
    return this.retried(async (batcher) => {
      const before = this.at
      await this.readRest(batcher)
      await this.end(batcher, this.isStopped ? 'pause' : flush)
      return this.at - before
    })
  }

  /** What was read is gone from the file: a half record of it is all that there will be, unless another process accounts for it. */
  async giveUp(): Promise<void> {
    if (this.batcher === undefined) return
    await this.end(this.batcher, 'final').catch((error: unknown) => {
      if (!(error instanceof LaneMoved)) throw error
    })
  }

  close(): Promise<void> {
    return this.input.close()
  }

  private get isStopped(): boolean {
    return this.context.ingest.signal?.aborted === true
  }

  private async retried<Result>(read: (batcher: Batcher) => Promise<Result>): Promise<Result> {
    for (;;) {
      try {
        this.batcher ??= await this.begin()
        return await read(this.batcher)
      } catch (error) {
        if (!(error instanceof LaneMoved) || ++this.collisions > LANE_RETRIES_MAX) throw error
        this.earlier = this.tally
        this.batcher = undefined
      }
    }
  }

  private async begin(): Promise<Batcher> {
    const lane = await this.findLane()
    if (lane?.stands === undefined) this.requireSource()
    const start = lane === undefined ? 0 : await this.startIn(lane)
    this.resumedAt = start
    this.at = start
    this.recordEnd = start
    this.framer = new Framer(start)
    const { ingest, now, onCommit } = this.context
    return new Batcher(ingest.ledger, lane, now, () => {
      this.collisions = 0
      onCommit()
    })
  }

  /** A file is known by its first bytes, whatever its name: a rotated or gzipped log goes on where it was left. */
  private async findLane(): Promise<LaneCursor | undefined> {
    const { head, canResume } = this.input
    if (!canResume || head.length === 0) return undefined
    const { source, keys, ledger } = this.context.ingest
    const lane = `file:${source.id}/${keys.fileIdentity(source.id, head)}`
    const stand = await ledger.laneStand(lane)
    const contentBefore = (offset: number): Buffer => this.contentHash().before(offset)
    return { lane, stands: stand?.next, content: stand?.content, contentBefore }
  }

  /** Where the lane was left, if all that stands before it is what it was; else 0: it is read again, and known records are duplicates. */
  private async startIn({ stands, content: known }: LaneCursor): Promise<number> {
    this.content = undefined
    if (stands === undefined || known === undefined) return 0
    const start = Number(stands)
    if ((await this.passTo(start)) && this.contentHash().before(start).equals(known)) return start
    this.content = undefined
    return 0
  }

  /** False: the content ends before. */
  private async passTo(offset: number): Promise<boolean> {
    const content = this.contentHash()
    let at = 0
    for await (const piece of this.input.from(0)) {
      content.push(piece.subarray(0, offset - at))
      at = Math.min(offset, at + piece.length)
      content.letGo(at, at)
      if (at === offset || this.isStopped) break
    }
    return at === offset
  }

  private contentHash(): ContentHash {
    const { keys, source } = this.context.ingest
    return (this.content ??= new ContentHash(keys.contentHash(source.id)))
  }

  /** By the records that lie whole in the first bytes; a file that was begun before is not judged again. */
  private requireSource(): void {
    const { source, connectorFor } = this.context.ingest
    const wrong = wrongSource([...new Framer().push(this.input.head)], source, connectorFor)
    if (wrong !== undefined) throw new InputFailure('wrong-source', wrong)
  }

  /** What was read whole is committed also where the rest cannot be read. */
  private async readRest(batcher: Batcher): Promise<void> {
    try {
      for await (const piece of this.input.from(this.at)) {
        this.at += piece.length
        await this.take(piece, batcher)
        if (this.isStopped) break
      }
    } catch (error) {
      if (error instanceof InputFailure) await batcher.flush(this.framer.holes)
      throw error
    }
  }

  private async take(piece: Buffer, batcher: Batcher): Promise<void> {
    if (this.input.canResume) this.contentHash().push(piece)
    await this.addAll(this.framer.push(piece), batcher)
    await batcher.writeIfOld(this.framer.holes)
    if (this.input.canResume) this.contentHash().letGo(this.recordEnd, this.framer.passed)
  }

  private async end(batcher: Batcher, flush: 'pause' | 'final'): Promise<void> {
    await this.addAll(this.framer.end(flush), batcher)
    await batcher.flush(this.framer.holes)
  }

  private async addAll(framed: Iterable<Framed>, batcher: Batcher): Promise<void> {
    const receivedAt = this.context.now()
    for (const one of framed) {
      this.recordEnd = one.next
      const prepared = prepareRecord(one, this.locate(one), receivedAt, this.context.intake)
      await batcher.add(prepared, one.next, this.framer.holes)
    }
  }

  private locate({ from, to }: Framed): Locator {
    return { door: 'file', file: this.context.ingest.path, from, to }
  }
}
