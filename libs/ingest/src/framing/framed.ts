import { isUtf8 } from 'node:buffer'

/** Largest record that is read, bytes. */
export const RECORD_BYTES_MAX = 1024 * 1024

interface Range {
  /** Offsets in the (decompressed) stream: the bytes of the record are [from, to). */
  readonly from: number
  readonly to: number
  /** Offset at which reading resumes after this record: behind its line feed, where one follows. */
  readonly next: number
}

/** One record's text, byte-exact; whether it can be read is the connector's to say. */
export interface FramedRecord extends Range {
  readonly kind: 'record'
  readonly text: string
}

/** Bytes that cannot be a record whatever the source. */
export interface FramedUnreadable extends Range {
  readonly kind: 'unreadable'
  readonly reason: string
  /** The bytes, or the first RECORD_BYTES_MAX of them. */
  readonly head: Buffer
}

export type Framed = FramedRecord | FramedUnreadable

/** Judges the bytes of one record; they may be reused by the caller afterwards. */
export function framed(bytes: Buffer, from: number, next: number, endsEarly = false): Framed {
  const range = { from, to: from + bytes.length, next }
  const reason = faultOf(bytes) ?? (endsEarly ? TRUNCATED : undefined)
  if (reason === undefined) return { kind: 'record', text: bytes.toString('utf8'), ...range }
  return { kind: 'unreadable', reason, head: Buffer.from(bytes.subarray(0, RECORD_BYTES_MAX)), ...range }
}

export const OVERLONG = 'record over 1 MiB'
export const TRUNCATED = 'record ends early (truncated)'

function faultOf(bytes: Buffer): string | undefined {
  if (bytes.length > RECORD_BYTES_MAX) return OVERLONG
  if (bytes.includes(0)) return 'NUL byte in the record'
  if (!isUtf8(bytes)) return 'invalid UTF-8'
  return undefined
}

/** The whole of `bytes` as one record (a Kafka message, a webhook): only a byte order mark and outer white space are cut off. */
export function frameWhole(bytes: Buffer): Framed | undefined {
  const start = startsWithMark(bytes) ? 3 : 0
  const from = skipSpace(bytes, start)
  const to = trimEnd(bytes, from, bytes.length)
  return from === to ? undefined : framed(bytes.subarray(from, to), from, bytes.length)
}

export function startsWithMark(bytes: Buffer): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
}

/** JSON's white space: space, tab, CR, LF. */
export function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}

export function trimEnd(bytes: Buffer, from: number, to: number): number {
  let end = to
  while (end > from && isSpace(bytes[end - 1])) end -= 1
  return end
}

function skipSpace(bytes: Buffer, from: number): number {
  let at = from
  while (at < bytes.length && isSpace(bytes[at])) at += 1
  return at
}
