import { ByteWindow } from './byte-window.js'
import { eventsOf } from './event-hook.js'
import { framed, OVERLONG, RECORD_BYTES_MAX, startsWithMark, trimEnd, type Framed } from './framed.js'
import { endsInsideObject, nextObjectLine } from './lines.js'
import { LF, ObjectScan } from './object-scan.js'
import { listOpeningLength, separatorLength, WAIT } from './separator.js'

const BRACE = 0x7b
const SPACE = 0x20
const TAB = 0x09
const CR = 0x0d

/** What the end of the stream means. */
type Flush =
  | 'more' // nothing: bytes may follow at once
  | 'pause' // a growing file: what is complete is taken, a half record waits
  | 'final' // nothing follows: a half record is truncated

/**
 * Cuts a stream of bytes into records: lines (JSON, or text before JSON, or text), objects that span lines, and the elements
 * of JSON arrays of any size. Between records its state is the stream offset alone, so reading can resume behind any of them.
 */
export class Framer {
  /** Blank lines passed so far. */
  holes = 0

  private readonly window: ByteWindow
  private mode: 'between' | 'object' | 'line' | 'resync' = 'between'
  private scan = new ObjectScan()
  /** Bytes of the current line that are known to hold no line feed. */
  private searched = 0
  /** An over-long record is followed to its end without being kept. */
  private overlong: { readonly from: number; readonly head: Buffer } | undefined
  private indent = 0
  private lineHasContent = false

  constructor(position = 0) {
    this.window = new ByteWindow(position)
  }

  /** Offset behind the last byte that is dealt with; later bytes wait for the rest of their record. */
  get position(): number {
    return this.overlong?.from ?? this.window.position
  }

  /** No record to come ends at or before this offset. */
  get passed(): number {
    return this.window.position
  }

  get waitingBytes(): number {
    return this.window.position + this.window.length - this.position
  }

  /** Takes the next bytes of the stream; they must not change before the next call. Exhaust the result. */
  *push(piece: Buffer): Generator<Framed> {
    this.window.append(piece)
    yield* this.drain('more')
  }

  /** `pause`: the file may grow. `final`: nothing follows. */
  *end(flush: 'pause' | 'final'): Generator<Framed> {
    yield* this.drain(flush)
  }

  private *drain(flush: Flush): Generator<Framed> {
    while (this.window.length > 0) {
      const before = this.window.position
      const mode = this.mode
      const record = this.step(flush)
      if (record !== undefined) yield* eventsOf(record)
      else if (this.mode === mode && this.window.position === before) return
    }
  }

  private step(flush: Flush): Framed | undefined {
    switch (this.mode) {
      case 'between':
        this.between(flush)
        return undefined
      case 'object':
        return this.object(flush)
      case 'line':
        return this.line(flush)
      case 'resync':
        return this.resync(flush)
    }
  }

  private between(flush: Flush): void {
    const { bytes, start, end } = this.window
    if (this.window.position === 0 && bytes[start] === 0xef) {
      if (this.window.length < 3 && flush === 'more') return
      if (startsWithMark(bytes.subarray(start, end))) {
        this.window.discard(3)
        return
      }
    }
    let at = start
    while (at < end && this.passSpace(bytes[at])) at += 1
    if (at > start) this.window.discard(at - start)
    else if (bytes[at] === BRACE) this.openingOrObject(flush)
    else this.separatorOrLine(flush)
  }

  private openingOrObject(flush: Flush): void {
    const { bytes, start, end } = this.window
    const length = listOpeningLength(bytes, start, end, flush === 'final')
    if (length === 0) this.begin('object')
    else if (length !== WAIT) this.passSign(length)
  }

  private passSign(length: number): void {
    this.lineHasContent = true
    this.indent += length
    this.window.discard(length)
  }

  private separatorOrLine(flush: Flush): void {
    const { bytes, start, end } = this.window
    const length = separatorLength(bytes, start, end, flush !== 'more' || this.window.length > RECORD_BYTES_MAX)
    if (length === WAIT) return
    if (length === 0) {
      this.begin('line')
      return
    }
    this.passSign(length)
  }

  private passSpace(byte: number | undefined): boolean {
    if (byte === LF) {
      if (!this.lineHasContent) this.holes += 1
      this.lineHasContent = false
      this.indent = 0
      return true
    }
    if (byte !== SPACE && byte !== TAB && byte !== CR) return false
    this.indent += 1
    return true
  }

  private begin(mode: 'object' | 'line'): void {
    this.mode = mode
    this.searched = 0
    if (mode === 'object') this.scan = new ObjectScan()
  }

  private object(flush: Flush): Framed | undefined {
    const { bytes, start, end } = this.window
    const state = this.scan.isClosed ? 'closed' : this.scan.advance(bytes, start, end)
    if (state === 'closed') return this.closed(flush)
    if (state === 'line-broken') return this.take(this.scan.at)
    if (state === 'lines-broken') return this.breakLines()
    if (flush === 'final') return this.scan.firstLineFeed >= 0 ? this.breakLines() : this.take(end - start, true)
    this.dropOverlong(this.scan.at)
    return undefined
  }

  /** Behind the closing brace only a line's end, a comma, a bracket or the next object may stand; else the line is no JSON. */
  private closed(flush: Flush): Framed | undefined {
    const { bytes, start, end } = this.window
    let at = start + this.scan.at
    while (at < end && (bytes[at] === SPACE || bytes[at] === TAB || bytes[at] === CR)) at += 1
    if (at === end && flush === 'more' && at - start <= RECORD_BYTES_MAX) return undefined
    if (at === end || '{[,]\n'.includes(String.fromCharCode(bytes[at] ?? 0))) return this.take(this.scan.at)
    this.mode = 'line'
    this.searched = this.scan.at
    return undefined
  }

  /** A line that breaks off ends at its line feed; a pretty-printed object that breaks off ends before the next one. */
  private breakLines(): Framed | undefined {
    const { bytes, start } = this.window
    const bare = trimEnd(bytes, start, start + this.scan.firstLineFeed) - start === 1
    if (this.overlong === undefined && !bare) return this.take(this.scan.firstLineFeed)
    this.searched = this.overlong === undefined ? this.scan.firstLineFeed : this.scan.at
    this.mode = this.overlong === undefined ? 'resync' : 'line'
    return undefined
  }

  private line(flush: Flush): Framed | undefined {
    const { bytes, start, end } = this.window
    const lineFeed = bytes.subarray(start, end).indexOf(LF, this.searched)
    if (lineFeed >= 0) return this.take(lineFeed)
    this.searched = end - start
    if (flush === 'final') return this.take(this.searched, endsInsideObject(bytes.subarray(start, end)))
    this.dropOverlong(this.searched)
    return undefined
  }

  private resync(flush: Flush): Framed | undefined {
    const { bytes, start, end } = this.window
    const { found, searched } = nextObjectLine(bytes.subarray(start, end), this.searched, this.indent)
    this.searched = searched
    if (found >= 0) return this.take(found)
    if (flush === 'final') return this.take(end - start, true)
    if (end - start > RECORD_BYTES_MAX) this.mode = 'line'
    return undefined
  }

  private dropOverlong(scanned: number): void {
    if (scanned <= RECORD_BYTES_MAX && this.overlong === undefined) return
    const { bytes, start, position } = this.window
    this.overlong ??= { from: position, head: Buffer.from(bytes.subarray(start, start + RECORD_BYTES_MAX)) }
    this.window.discard(scanned)
    this.scan.drop(scanned)
    this.searched = 0
  }

  /** Consumes a record of `length` bytes, and its line feed where one follows. */
  private take(length: number, endsEarly = false): Framed {
    const { bytes, start, end, position } = this.window
    const overlong = this.overlong
    let behind = start + length
    while (behind < end && (bytes[behind] === SPACE || bytes[behind] === TAB || bytes[behind] === CR)) behind += 1
    this.lineHasContent = bytes[behind] !== LF || behind >= end
    if (!this.lineHasContent) behind += 1
    const next = position + behind - start
    const record = framed(bytes.subarray(start, trimEnd(bytes, start, start + length)), position, next, endsEarly)
    this.window.discard(behind - start)
    this.indent = this.lineHasContent ? this.indent : 0
    this.mode = 'between'
    this.overlong = undefined
    if (overlong === undefined) return record
    return {
      kind: 'unreadable',
      reason: OVERLONG,
      head: overlong.head,
      from: overlong.from,
      to: position + length,
      next,
    }
  }
}
