import { RECORD_BYTES_MAX } from '../framing/framed.js'
import { openFile, type Input } from '../input/open-input.js'

export interface ByteRange {
  readonly from: number
  readonly to: number
}

/** A longer record is never read whole: one byte more than is allowed tells that it is too long. */
const BYTES_KEPT_MAX = RECORD_BYTES_MAX + 1

/**
 * Bytes of a file, plain or gzip, at offsets of its decompressed content; of long ranges the beginning, and less where the file ends.
 * What is packed is unpacked once for ascending ranges. Throws InputFailure.
 */
export async function* readRanges(path: string, ranges: readonly ByteRange[]): AsyncGenerator<Buffer> {
  const input = await openFile(path)
  const cursor = new Cursor(input)
  try {
    for (const { from, to } of ranges) yield await cursor.read(from, Math.min(to, from + BYTES_KEPT_MAX))
  } finally {
    await cursor.close()
    await input.close()
  }
}

/** Goes forward in one stream as long as that is cheaper than to begin anew. */
class Cursor {
  private stream: AsyncGenerator<Buffer> | undefined
  private window: Buffer = Buffer.alloc(0)
  /** Offset of the window's first byte. */
  private at = 0

  constructor(private readonly input: Input) {}

  async read(from: number, to: number): Promise<Buffer> {
    // A plain file is read from anywhere at once; a packed one from its beginning only.
    if (this.stream === undefined || from < this.at || this.input.canGrow) await this.begin(from)
    while (this.at + this.window.length <= from && (await this.more())) continue
    const pieces: Buffer[] = []
    let reached = from
    for (;;) {
      const piece = this.window.subarray(Math.max(0, reached - this.at), Math.max(0, to - this.at))
      pieces.push(Buffer.from(piece))
      reached += piece.length
      if (reached >= to || !(await this.more())) return Buffer.concat(pieces)
    }
  }

  async close(): Promise<void> {
    await this.stream?.return(undefined)
  }

  private async begin(from: number): Promise<void> {
    await this.close()
    this.stream = this.input.from(from)
    this.at = from
    this.window = Buffer.alloc(0)
  }

  private async more(): Promise<boolean> {
    const next = await this.stream?.next()
    if (next === undefined || next.done === true) return false
    this.at += this.window.length
    this.window = next.value
    return true
  }
}
