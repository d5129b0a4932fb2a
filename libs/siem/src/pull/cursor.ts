import { createHmac, timingSafeEqual } from 'node:crypto'

/** Whose cursor it is, and of which question. */
export interface CursorBinding {
  /** Id of the caller. */
  readonly caller: string
  /** Filter and format, in a normal form. */
  readonly question: string
}

/** A place in the feed: after this event. */
export interface Place {
  readonly sequence: number
  /** Hash of the event's content; absent at the beginning, or where it is not known. */
  readonly hash?: string
}

export type CursorFault = 'malformed' | 'of another caller' | 'of another filter or format'

const TAG_BYTES = 16

/** An opaque, signed name of a place in the feed: only this installation can make one, and only its owner can use it. */
export function writeCursor(key: Buffer, { sequence, hash }: Place, binding: CursorBinding): string {
  const payload = Buffer.from(JSON.stringify({ s: sequence, h: hash, c: digest(key, binding.caller), q: digest(key, binding.question) }))
  return `${payload.toString('base64url')}.${sign(key, payload).toString('base64url')}`
} // prettier-ignore

/** The place of a cursor, or what is wrong with it. The cursor comes from the caller: nothing of it is believed before its signature is. */
export function readCursor(key: Buffer, cursor: string, binding: CursorBinding): Place | CursorFault {
  const [left = '', right = ''] = cursor.split('.')
  const [payload, tag] = [Buffer.from(left, 'base64url'), Buffer.from(right, 'base64url')]
  if (tag.length !== TAG_BYTES || !timingSafeEqual(tag, sign(key, payload))) return 'malformed'
  const { s, h, c, q } = JSON.parse(payload.toString('utf8')) as { s: number; h?: string; c: string; q: string }
  if (c !== digest(key, binding.caller)) return 'of another caller'
  if (q !== digest(key, binding.question)) return 'of another filter or format'
  return h === undefined ? { sequence: s } : { sequence: s, hash: h }
}

function sign(key: Buffer, payload: Buffer): Buffer {
  return createHmac('sha256', key).update(payload).digest().subarray(0, TAG_BYTES)
}

function digest(key: Buffer, text: string): string {
  return createHmac('sha256', key).update(`bound to ${text}`).digest('base64url').slice(0, 16)
}
