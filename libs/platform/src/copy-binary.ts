import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'

/** Bytes after which a chunk is sent, so that the server parses while the rest is encoded. */
const CHUNK_BYTES = 512 * 1024

/** Runs one `COPY … FROM STDIN (FORMAT binary)`, inside the client's transaction. */
export async function copyRows<T>(
  client: pg.ClientBase,
  sql: string,
  rows: Iterable<T>,
  write: (out: CopyBinary, row: T) => void,
): Promise<void> {
  await pipeline(Readable.from(chunks(rows, write), { objectMode: false }), client.query(copyFrom(sql)))
}

function* chunks<T>(rows: Iterable<T>, write: (out: CopyBinary, row: T) => void): Generator<Buffer> {
  const out = new CopyBinary()
  out.start()
  for (const row of rows) {
    write(out, row)
    if (out.pendingBytes >= CHUNK_BYTES) yield out.take()
  }
  out.finish()
  yield out.take()
}

/**
 * Writes rows in PostgreSQL's binary COPY format (manual: COPY, "Binary Format"). Integers are big-endian.
 * A chunk is handed out by `take` whenever the caller likes; the stream begins with `start` and ends with `finish`.
 */
export class CopyBinary {
  private buffer = Buffer.allocUnsafe(1 << 20)
  private length = 0

  /** Signature, no flags, no header extension. */
  start(): void {
    this.raw(Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'))
    this.word(0)
    this.word(0)
  }

  row(columns: number): void {
    this.reserve(2)
    this.length = this.buffer.writeInt16BE(columns, this.length)
  }

  nothing(): void {
    this.word(-1)
  }

  integer(value: number): void {
    this.word(4)
    this.word(value)
  }

  smallint(value: number): void {
    this.word(2)
    this.reserve(2)
    this.length = this.buffer.writeInt16BE(value, this.length)
  }

  /** A safe integer as int8. */
  bigint(value: number): void {
    this.word(8)
    this.long(value)
  }

  /** Takes microseconds since 1970; PostgreSQL counts from 2000. */
  timestamp(micros: number): void {
    this.bigint(micros - 946_684_800_000_000)
  }

  bytes(value: Buffer): void {
    this.word(value.length)
    this.raw(value)
  }

  text(value: string): void {
    this.reserve(4 + value.length * 3)
    const written = this.buffer.write(value, this.length + 4)
    this.buffer.writeInt32BE(written, this.length)
    this.length += 4 + written
  }

  boolean(value: boolean): void {
    this.word(1)
    this.raw(Buffer.of(value ? 1 : 0))
  }

  /** One-dimensional bytea[] without nulls. */
  byteArray(values: readonly Buffer[]): void {
    const size = values.reduce((sum, value) => sum + 4 + value.length, values.length === 0 ? 12 : 20)
    this.word(size)
    this.word(values.length === 0 ? 0 : 1)
    this.word(0)
    this.word(BYTEA_OID)
    if (values.length === 0) return
    this.word(values.length)
    this.word(1)
    for (const value of values) this.bytes(value)
  }

  finish(): void {
    this.row(-1)
  }

  get pendingBytes(): number {
    return this.length
  }

  /** What was written since the last call. */
  take(): Buffer {
    const chunk = this.buffer.subarray(0, this.length)
    this.buffer = Buffer.allocUnsafe(this.buffer.length)
    this.length = 0
    return chunk
  }

  private long(value: number): void {
    this.word(Math.floor(value / 2 ** 32))
    this.reserve(4)
    this.length = this.buffer.writeUInt32BE(((value % 2 ** 32) + 2 ** 32) % 2 ** 32, this.length)
  }

  private word(value: number): void {
    this.reserve(4)
    this.length = this.buffer.writeInt32BE(value, this.length)
  }

  private raw(bytes: Buffer): void {
    this.reserve(bytes.length)
    this.length += bytes.copy(this.buffer, this.length)
  }

  private reserve(bytes: number): void {
    if (this.length + bytes <= this.buffer.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.length + bytes))
    this.buffer.copy(larger, 0, 0, this.length)
    this.buffer = larger
  }
}

const BYTEA_OID = 17
