/**
 * The bytes that have arrived and are not consumed yet. Appending is linear over all however small the pieces are,
 * and free where nothing is left over.
 */
export class ByteWindow {
  /** Only `[start, end)` is meaningful; valid until the next append. */
  bytes: Buffer = Buffer.alloc(0)
  start = 0
  end = 0
  private owned = false

  /** `position` is the stream offset of the first byte to come. */
  constructor(private origin = 0) {}

  /** Offset in the stream of the first byte in the window. */
  get position(): number {
    return this.origin
  }

  get length(): number {
    return this.end - this.start
  }

  append(piece: Buffer): void {
    if (this.length === 0) {
      this.borrow(piece)
      return
    }
    if (!this.owned || this.end + piece.length > this.bytes.length) this.grow(piece.length)
    piece.copy(this.bytes, this.end)
    this.end += piece.length
  }

  discard(count: number): void {
    this.start += count
    this.origin += count
  }

  private borrow(piece: Buffer): void {
    this.bytes = piece
    this.start = 0
    this.end = piece.length
    this.owned = false
  }

  private grow(by: number): void {
    const larger = Buffer.allocUnsafe(Math.max(2 * this.length, this.length + by))
    this.bytes.copy(larger, 0, this.start, this.end)
    this.end = this.length
    this.start = 0
    this.bytes = larger
    this.owned = true
  }
}
