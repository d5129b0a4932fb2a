import type { LaneAdvance, Ledger } from '@catena/ledger'
import { collect, type Prepared, type PreparedRecords } from '../pipeline/prepare.js'
import { addCommitted, EMPTY_TALLY, type Tally } from './tally.js'

/** Most records of one transaction of the ledger. */
export const BATCH_RECORDS_MAX = 4000
/** Most redacted bytes of one transaction. */
export const BATCH_BYTES_MAX = 16 * 1024 * 1024
/** Longest wait before a partial batch is written, ms. */
export const BATCH_AGE_MAX_MS = 250

/** A lane as its consumer knows it. */
export interface LaneCursor {
  readonly lane: string
  /** Where the ledger says that the lane stands; undefined: it is new. */
  stands: bigint | undefined
  /** Of a file: the hash of what the ledger knows to stand before that offset. */
  content?: Buffer | undefined
  /** Of a file: the hash of what stands before an offset now. */
  readonly contentBefore?: (offset: number) => Buffer
}

/**
 * Collects prepared records and appends them batch by batch, one at a time, while the next is prepared.
 * Rejects with what `append` rejects with (LaneMoved); batches behind a failed one are never appended.
 */
export class Batcher {
  tally: Tally = EMPTY_TALLY
  private pending = emptyRecords()
  private pendingBytes = 0
  private pendingSince = 0
  private next = 0n
  private holesReported = 0
  private underway: Promise<void> = Promise.resolve()

  constructor(
    private readonly ledger: Pick<Ledger, 'append'>,
    private readonly lane: LaneCursor | undefined,
    private readonly now: () => number,
    private readonly onCommit: (tally: Tally) => void = () => undefined,
  ) {}

  /** `next`: offset of the lane behind the record. `holes`: those passed so far. Waits while the ledger is behind. */
  async add(prepared: Prepared, next: number, holes: number): Promise<void> {
    if (this.count === 0) this.pendingSince = this.now()
    collect(this.pending, prepared)
    this.pendingBytes += 'record' in prepared ? prepared.record.payload.length : 0
    this.next = BigInt(next)
    if (this.count >= BATCH_RECORDS_MAX || this.pendingBytes >= BATCH_BYTES_MAX) await this.write(holes)
  }

  async writeIfOld(holes: number): Promise<void> {
    if (this.count > 0 && this.now() - this.pendingSince >= BATCH_AGE_MAX_MS) await this.write(holes)
  }

  /** Resolves when everything added so far is committed. */
  async flush(holes: number): Promise<void> {
    if (this.count > 0) await this.write(holes)
    await this.underway
  }

  private get count(): number {
    return this.pending.records.length + this.pending.quarantined.length
  }

  private async write(holes: number): Promise<void> {
    await this.underway
    const batch = this.pending
    const passed = holes - this.holesReported
    this.pending = emptyRecords()
    this.pendingBytes = 0
    this.holesReported = holes
    this.underway = this.append(batch, this.next, passed)
    // Rejections are awaited with the next batch; until then they are not unhandled.
    this.underway.catch(() => undefined)
  }

  private async append(
    { records, quarantined, unclassified }: PreparedRecords,
    next: bigint,
    holes: number,
  ): Promise<void> {
    const advance = this.advance(next, holes)
    const outcome = await this.ledger.append({ records, quarantined, ...(advance === undefined ? {} : { advance }) })
    if (this.lane !== undefined && advance !== undefined) {
      this.lane.stands = next
      this.lane.content = advance.content
    }
    this.tally = addCommitted(this.tally, { outcome, unclassified, holes })
    this.onCommit(this.tally)
  }

  /**
   * A lane never moves back: while records are read again, they are appended (as duplicates) without it. Where it stands, only what is
   * known of the content may change.
   */
  private advance(next: bigint, holes: number): LaneAdvance | undefined {
    if (this.lane === undefined) return undefined
    const { lane, stands, content: known, contentBefore } = this.lane
    if (stands !== undefined && next < stands) return undefined
    const content = contentBefore?.(Number(next))
    if (next === stands && (content === undefined || known?.equals(content) === true)) return undefined
    return { lane, expected: stands, next, holes, ...(content === undefined ? {} : { content }) }
  }
}

function emptyRecords(): PreparedRecords {
  return { records: [], quarantined: [], unclassified: new Set() }
}
