/** Reads rows of PostgreSQL's binary COPY format; fields are taken in the order of the columns. */
export class CopyReader {
  private at = 0

  constructor(private readonly bytes: Buffer) {
    // Signature (11), flags (4), header extension of a given length.
    this.at = 19 + bytes.readInt32BE(15)
  }

  /** Steps into the next row; false at the end. */
  next(): boolean {
    const columns = this.bytes.readInt16BE(this.at)
    this.at += 2
    return columns >= 0
  }

  text(): string {
    return this.optionalText() ?? ''
  }

  optionalText(): string | undefined {
    const length = this.word()
    if (length < 0) return undefined
    return this.bytes.toString('utf8', this.at, (this.at += length))
  }

  integer(): number {
    this.at += 4
    return this.word()
  }

  bigint(): number {
    return this.optionalBigint() ?? 0
  }

  optionalBigint(): number | undefined {
    if (this.word() < 0) return undefined
    const high = this.word()
    this.at += 4
    return high * 2 ** 32 + this.bytes.readUInt32BE(this.at - 4)
  }

  /** Microseconds since 1970. */
  timestamp(): number {
    return this.bigint() + 946_684_800_000_000
  }

  hex(): string {
    const length = this.word()
    return this.bytes.toString('hex', this.at, (this.at += length))
  }

  /** A copy, so that one event kept does not keep its whole page. */
  optionalBytes(): Buffer | undefined {
    const length = this.word()
    if (length < 0) return undefined
    return Buffer.from(this.bytes.subarray(this.at, (this.at += length)))
  }

  /** bytea[] of one dimension: dimensions, flag of nulls, element type, then length and lower bound of the dimension. */
  byteArray(): Buffer[] {
    this.at += 4
    const dimensions = this.word()
    this.at += 8
    if (dimensions === 0) return []
    const length = this.word()
    this.at += 4
    return Array.from({ length }, () => this.optionalBytes() ?? Buffer.alloc(0))
  }

  private word(): number {
    this.at += 4
    return this.bytes.readInt32BE(this.at - 4)
  }
}
