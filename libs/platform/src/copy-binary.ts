import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'

/** Bytes after which a chunk is sent: the server parses it, still in its cache, while the rest is encoded. */
const CHUNK_BYTES = 64 * 1024
/** Bytes that are asked of the system at a time; chunks are cut from them. */
const SLAB_BYTES = 512 * 1024
/** Of the first: most copies are of a few rows, and half a megabyte for each costs more than the copy. */
const FIRST_SLAB_BYTES = 8 * 1024

/** Runs one `COPY … FROM STDIN (FORMAT binary)`, inside the client's transaction. */
export async function copyRows<T>(
  client: pg.ClientBase,
  sql: string,
  rows: Iterable<T>,
  write: (out: CopyBinary, row: T) => void,
  { chunkBytes = CHUNK_BYTES }: { readonly chunkBytes?: number } = {},
): Promise<void> {
  await pipeline(Readable.from(chunks(rows, write, chunkBytes), { objectMode: false }), client.query(copyFrom(sql)))
}

/** The rows of one such COPY, whole: for whoever sends them by another connection than where they are made. */
export function encodeRows<T>(rows: Iterable<T>, write: (out: CopyBinary, row: T) => void): Buffer {
  return Buffer.concat([...chunks(rows, write, CHUNK_BYTES)])
}

/** Runs one `COPY … FROM STDIN (FORMAT binary)` of rows that `encodeRows` made, inside the client's transaction. */
export async function copyEncoded(client: pg.ClientBase, sql: string, encoded: Uint8Array): Promise<void> {
  await pipeline(Readable.from(slices(encoded), { objectMode: false }), client.query(copyFrom(sql)))
}

function* slices(encoded: Uint8Array): Generator<Uint8Array> {
  for (let from = 0; from < encoded.length; from += CHUNK_BYTES) yield encoded.subarray(from, from + CHUNK_BYTES)
}

function* chunks<T>(
  rows: Iterable<T>,
  write: (out: CopyBinary, row: T) => void,
  chunkBytes: number,
): Generator<Buffer> {
  const out = new CopyBinary()
  out.start()
  for (const row of rows) {
    write(out, row)
    if (out.pendingBytes >= chunkBytes) yield out.take()
  }
  out.finish()
  yield out.take()
}

/**
 * Writes rows in PostgreSQL's binary COPY format (manual: COPY, "Binary Format"). Integers are big-endian.
 * A chunk is handed out by `take` whenever the caller likes; the stream begins with `start` and ends with `finish`.
 */
export class CopyBinary {
  private buffer = Buffer.allocUnsafeSlow(FIRST_SLAB_BYTES)
  /** Of the same bytes: its integers cost a fraction of the buffer's own. */
  private view = viewOf(this.buffer)
  /** Where what is pending begins and ends. */
  private from = 0
  private length = 0

  /** Signature, no flags, no header extension. */
  start(): void {
    this.raw(Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'))
    this.word(0)
    this.word(0)
  }

  row(columns: number): void {
    this.short(columns)
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
    this.short(value)
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

  /** Bytes that are written in hex: two digits each. */
  hex(value: string): void {
    const length = value.length / 2
    this.word(length)
    this.reserve(length)
    this.length += this.buffer.write(value, this.length, 'hex')
  }

  text(value: string): void {
    this.reserve(4 + value.length * 3)
    const written = this.buffer.write(value, this.length + 4)
    this.view.setInt32(this.length, written)
    this.length += 4 + written
  }

  boolean(value: boolean): void {
    this.word(1)
    this.raw(Buffer.of(value ? 1 : 0))
  }

  /** JSON text as jsonb. */
  jsonb(value: string): void {
    this.text(`${JSONB_VERSION}${value}`)
  }

  /** One-dimensional bytea[] without nulls. */
  byteArray(values: readonly Buffer[]): void {
    this.array(BYTEA_OID, values)
  }

  /** One-dimensional text[] without nulls. */
  textArray(values: readonly string[]): void {
    this.array(
      TEXT_OID,
      values.map((value) => Buffer.from(value)),
    )
  }

  /** One-dimensional int8[] of safe integers without nulls. */
  bigintArray(values: readonly number[]): void {
    this.arrayHead(INT8_OID, values.length, 12 * values.length)
    for (const value of values) this.bigint(value)
  }

  finish(): void {
    this.row(-1)
  }

  get pendingBytes(): number {
    return this.length - this.from
  }

  /** What was written since the last call. */
  take(): Buffer {
    const chunk = this.buffer.subarray(this.from, this.length)
    this.from = this.length
    return chunk
  }

  private array(type: number, values: readonly Buffer[]): void {
    this.arrayHead(type, values.length, values.reduce((sum, value) => sum + 4 + value.length, 0)) // prettier-ignore
    for (const value of values) this.bytes(value)
  }

  /** `size`: of its elements with the words that tell their lengths. An empty array has no dimension. */
  private arrayHead(type: number, length: number, size: number): void {
    const dimensions = length === 0 ? 0 : 1
    this.word(12 + 8 * dimensions + size)
    this.word(dimensions)
    this.word(0)
    this.word(type)
    if (dimensions === 0) return
    this.word(length)
    this.word(1)
  }

  private long(value: number): void {
    this.word(Math.floor(value / 2 ** 32))
    // The remainder of a negative value is negative, and means the same 32 bits.
    this.word(value % 2 ** 32)
  }

  private short(value: number): void {
    this.reserve(2)
    this.view.setInt16(this.length, value)
    this.length += 2
  }

  private word(value: number): void {
    this.reserve(4)
    this.view.setInt32(this.length, value)
    this.length += 4
  }

  private raw(bytes: Buffer): void {
    this.reserve(bytes.length)
    this.length += bytes.copy(this.buffer, this.length)
  }

  private reserve(bytes: number): void {
    if (this.length + bytes <= this.buffer.length) return
    const pending = this.buffer.subarray(this.from, this.length)
    this.buffer = Buffer.allocUnsafe(Math.max(SLAB_BYTES, 2 * (pending.length + bytes)))
    this.buffer.set(pending)
    this.view = viewOf(this.buffer)
    this.from = 0
    this.length = pending.length
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Buffer): DataView {
  return new DataView(buffer, byteOffset, byteLength)
}

const BYTEA_OID = 17
const INT8_OID = 20
const TEXT_OID = 25
/** Of its binary form: the byte 1. */
const JSONB_VERSION = '\u0001'
