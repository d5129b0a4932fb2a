import type { RunningKeyedHash } from '../pipeline/keyed-hash.js'

/**
 * Tells the keyed hash of a stream up to the end of each record while it is read. Of what was read, only what may still hold the end of a
 * record is kept.
 */
export class ContentHash {
  private held: Buffer[] = []
  /** Offset of the first byte that is held. */
  private hashedTo = 0
  private told: { readonly offset: number; readonly value: Buffer } | undefined

  constructor(private readonly hash: RunningKeyedHash) {}

  /** Takes the next bytes of the stream, which must not change afterwards. */
  push(piece: Buffer): void {
    this.held.push(piece)
  }

  /** The hash of everything before an offset: the one last told of, or a later one that was not let go of. Throws RangeError. */
  before(offset: number): Buffer {
    if (this.told?.offset !== offset) {
      this.hashUpTo(offset)
      this.told = { offset, value: this.hash.value() }
    }
    return this.told.value
  }

  /** Beside `recordEnd`, the end of the last record, no offset before `offset` is asked for any more. */
  letGo(recordEnd: number, offset: number): void {
    this.before(recordEnd)
    this.hashUpTo(offset)
  }

  private hashUpTo(offset: number): void {
    if (offset < this.hashedTo) throw new RangeError(`the content before ${offset} was let go of`)
    while (this.hashedTo < offset) {
      const piece = this.held.shift()
      if (piece === undefined) throw new RangeError(`the content before ${offset} was not read`)
      const part = piece.subarray(0, offset - this.hashedTo)
      if (part.length < piece.length) this.held.unshift(piece.subarray(part.length))
      this.hash.update(part)
      this.hashedTo += part.length
    }
  }
}
