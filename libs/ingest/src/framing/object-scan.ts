/** Deepest nesting of an object that spans lines: bounds what a broken line can swallow before it is noticed. */
export const MULTILINE_DEPTH_MAX = 128

export const LF = 0x0a
const QUOTE = 0x22
const BACKSLASH = 0x5c

const enum Byte {
  scalar,
  space,
  newline,
  quote,
  openObject,
  closeObject,
  openArray,
  closeArray,
  colon,
  comma,
}

const CLASSES = new Array<Byte>(256).fill(Byte.scalar)
for (const [characters, kind] of [
  [' \t\r', Byte.space],
  ['\n', Byte.newline],
  ['"', Byte.quote],
  ['{', Byte.openObject],
  ['}', Byte.closeObject],
  ['[', Byte.openArray],
  [']', Byte.closeArray],
  [':', Byte.colon],
  [',', Byte.comma],
] as const) {
  for (const character of characters) CLASSES[character.charCodeAt(0)] = kind
}

const enum Expect {
  keyOrEnd,
  key,
  colon,
  value,
  valueOrEnd,
  scalar,
  commaOrEnd,
}

/**
 * - `more`: the bytes ran out inside the object
 * - `closed`: the object is complete; `at` stands behind its last brace
 * - `line-broken`: its only line ended although it is no JSON; `at` stands on the line feed
 * - `lines-broken`: it spans lines and stopped being JSON at `at`
 */
export type ScanState = 'more' | 'closed' | 'line-broken' | 'lines-broken'

/**
 * Finds the end of one JSON object byte by byte, without building it: brackets, strings and the grammar between them, so that
 * a line that breaks off does not swallow its neighbours. Feed it from the opening brace on.
 */
export class ObjectScan {
  /** Bytes scanned so far, from the opening brace. */
  at = 0
  /** True as soon as the bytes cannot be JSON. */
  broken = false
  /** Scanned bytes at the first line feed inside the object; -1 while it is one line. */
  firstLineFeed = -1

  private expect: Expect = Expect.value
  private inString = false
  private escaped = false
  /** For each open bracket: is it an object? */
  private readonly open: boolean[] = []

  /** Scans `bytes[start + this.at … end)`, where `start` is the index of the opening brace. */
  advance(bytes: Buffer, start: number, end: number): ScanState {
    let index = start + this.at
    let state: ScanState = 'more'
    while (index < end && state === 'more') {
      if (this.inString) {
        index = this.skipString(bytes, index, end)
        // A raw line feed inside a string.
        if (index < end && this.isInString()) state = this.breakAt()
        continue
      }
      const kind = CLASSES[bytes[index] ?? 0] ?? Byte.scalar
      if (kind === Byte.newline) {
        if (this.broken) {
          state = this.breakAt()
          continue
        }
        if (this.firstLineFeed < 0) this.firstLineFeed = index - start
      }
      index += 1
      this.step(kind)
      if (this.open.length === 0) state = 'closed'
      else if (this.firstLineFeed >= 0 && (this.broken || this.open.length > MULTILINE_DEPTH_MAX))
        state = 'lines-broken'
    }
    this.at = index - start
    return state
  }

  get isClosed(): boolean {
    return this.at > 0 && this.open.length === 0
  }

  /** Forgets `count` scanned bytes: an over-long object is followed to its end without being kept. */
  drop(count: number): void {
    this.at -= count
    if (this.firstLineFeed >= 0) this.firstLineFeed = Math.max(0, this.firstLineFeed - count)
  }

  private isInString(): boolean {
    return this.inString
  }

  private breakAt(): ScanState {
    this.broken = true
    return this.firstLineFeed < 0 ? 'line-broken' : 'lines-broken'
  }

  /** Index behind the closing quote, or of a line feed, or `end`. */
  private skipString(bytes: Buffer, from: number, end: number): number {
    let index = from
    if (this.escaped) {
      if (bytes[index] === LF) return index
      this.escaped = false
      index += 1
    }
    for (; index < end; index += 1) {
      const byte = bytes[index]
      if (byte === QUOTE) {
        this.inString = false
        return index + 1
      }
      if (byte === LF) return index
      if (byte !== BACKSLASH) continue
      if (index + 1 >= end) {
        this.escaped = true
        return end
      }
      if (bytes[index + 1] !== LF) index += 1
    }
    return end
  }

  private step(kind: Byte): void {
    switch (kind) {
      case Byte.space:
      case Byte.newline:
        if (this.expect === Expect.scalar) this.expect = Expect.commaOrEnd
        return
      case Byte.scalar:
        if (this.expect !== Expect.scalar) this.need(this.wantsValue(), Expect.scalar)
        return
      case Byte.quote:
        this.inString = true
        if (this.expect === Expect.key || this.expect === Expect.keyOrEnd) this.expect = Expect.colon
        else this.need(this.wantsValue(), Expect.commaOrEnd)
        return
      case Byte.openObject:
        this.need(this.wantsValue(), Expect.keyOrEnd)
        this.open.push(true)
        return
      case Byte.openArray:
        this.need(this.wantsValue(), Expect.valueOrEnd)
        this.open.push(false)
        return
      case Byte.closeObject:
        this.close(true, Expect.keyOrEnd)
        return
      case Byte.closeArray:
        this.close(false, Expect.valueOrEnd)
        return
      case Byte.colon:
        this.need(this.expect === Expect.colon, Expect.value)
        return
      case Byte.comma:
        this.need(this.valueMayEnd(), this.open.at(-1) === true ? Expect.key : Expect.value)
    }
  }

  private close(object: boolean, whenEmpty: Expect): void {
    const matches = this.open.pop() === object
    this.need(matches && (this.expect === whenEmpty || this.valueMayEnd()), Expect.commaOrEnd)
  }

  private need(holds: boolean, next: Expect): void {
    if (!holds) this.broken = true
    this.expect = next
  }

  private wantsValue(): boolean {
    return this.expect === Expect.value || this.expect === Expect.valueOrEnd
  }

  private valueMayEnd(): boolean {
    return this.expect === Expect.commaOrEnd || this.expect === Expect.scalar
  }
}
