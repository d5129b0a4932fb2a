import type pg from 'pg'
import type { DeclaredRange } from '../archive/declaration.js'
import { Tombstones } from '../erase/tombstones.js'
import { checkEvent, isErased, type StoredEvent } from './check-event.js'
import { checkKeysOf } from './check-keys.js'
import type { Findings } from './finding.js'
import { readStored } from './stored-events.js'

/** Events read at once. */
export const PAGE_EVENTS = 4_096
/** Of sampled keys, each how-manieth. */
const SAMPLE_EVERY = 32

export interface WalkOptions {
  /** `sampled` looks up the keys of every 32nd record and leaves out the way back, which reads the whole key table. */
  readonly keys?: 'all' | 'sampled'
  readonly onProgress?: (progress: {
    readonly position: number
    readonly to: number
    readonly findings: number
  }) => void
}

/** Goes over a range of events in order and keeps what the accounts need; memory holds one page. */
export class EventWalk {
  events = 0
  erased = 0
  /** By first position of the range that they were detached with. */
  private readonly detachedOf = new Map<number, number>()
  /** Records read, by source. */
  readonly recordsOf = new Map<string, number>()
  private readonly tombstones: Tombstones

  constructor(
    private readonly pool: pg.Pool,
    private readonly archives: readonly DeclaredRange[],
    private readonly findings: Findings,
    private readonly options: WalkOptions,
  ) {
    this.tombstones = new Tombstones(pool)
  }

  get detached(): number {
    return [...this.detachedOf.values()].reduce((sum, count) => sum + count, 0)
  }

  async run(from: number, to: number): Promise<void> {
    for (let first = from; first <= to; first += PAGE_EVENTS) {
      const last = Math.min(first + PAGE_EVENTS - 1, to)
      const page = await readStored(this.pool, first, last)
      this.checkPositions(page, first, last)
      for (const event of page) this.check(event)
      await this.checkErased(page)
      for (const finding of await checkKeysOf(this.pool, this.sampled(page))) this.findings.add(finding)
      this.options.onProgress?.({ position: last, to, findings: this.findings.count })
    }
    for (const range of this.archives) if (from <= range.first && range.last <= to) this.checkRange(range)
  }

  /** Of a detached range the records are gone, and nothing else. */
  private checkRange({ first, last, file, manifest }: DeclaredRange): void {
    if (manifest === undefined) return
    const { events, decisions } = manifest
    const surplus = (this.detachedOf.get(first) ?? 0) - (events - decisions)
    if (surplus > 0) {
      const detail = `${surplus} of the ${decisions} decisions that stayed when ${file} was made do not stand here`
      this.findings.add({ kind: 'event-missing', position: first, last, detail })
    } else if (surplus < 0) {
      const detail = `${-surplus} records of ${file} stand in the database too`
      this.findings.add({ kind: 'archive-wrong', position: first, last, detail })
    }
  }

  private check(event: StoredEvent): void {
    this.events++
    for (const finding of checkEvent(event)) this.findings.add(finding)
    if (event.streamVersion !== undefined) return
    const source = event.stream.replace(/^record:/, '')
    this.recordsOf.set(source, (this.recordsOf.get(source) ?? 0) + 1)
  }

  private checkPositions(page: readonly StoredEvent[], first: number, last: number): void {
    let next = first
    for (const { position } of page) {
      if (position > next) this.missing(next, position - 1)
      next = position + 1
    }
    if (next <= last) this.missing(next, last)
  }

  /** A gap may lie in a detached range, in none, or across the border of one. */
  private missing(first: number, last: number): void {
    for (let at = first; at <= last;) {
      const range = this.archives.find((each) => each.first <= at && at <= each.last)
      const border = range?.last ?? (this.archives.find((each) => each.first > at)?.first ?? Infinity) - 1
      const end = Math.min(last, border)
      if (range) this.detachedOf.set(range.first, (this.detachedOf.get(range.first) ?? 0) + end - at + 1)
      else this.findings.add({ kind: 'event-missing', position: at, last: end, detail: 'no event stands here' })
      at = end + 1
    }
  }

  private async checkErased(page: readonly StoredEvent[]): Promise<void> {
    const erased = page.filter(isErased).map(({ position }) => position)
    this.erased += erased.length
    for (const position of await this.tombstones.unnamed(erased)) {
      const detail = 'payload or salt are gone, and no tombstone names this event'
      this.findings.add({ kind: 'payload-missing', position, detail })
    }
  }

  private sampled(page: readonly StoredEvent[]): StoredEvent[] {
    const records = page.filter(({ streamVersion }) => streamVersion === undefined)
    if (this.options.keys !== 'sampled') return records
    return records.filter(({ position }) => position % SAMPLE_EVERY === 0)
  }
}
