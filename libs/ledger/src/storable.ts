import { EARLIEST_INSTANT, LATEST_INSTANT, type Instant } from '@catena/domain'

/** What PostgreSQL's text cannot hold: NUL, and halves of surrogate pairs. */
// eslint-disable-next-line no-control-regex
const UNSTORABLE = /\u0000|\p{Surrogate}/gu

/** Can a text column hold it as it is? */
export function isStorableText(text: string): boolean {
  return text.search(UNSTORABLE) < 0
}

/** A hostile name in one record must not stop its lane, so U+FFFD stands in for what a text column refuses. */
export function storableText(text: string): string {
  return isStorableText(text) ? text : text.replace(UNSTORABLE, '\uFFFD')
}

/** To the microsecond; a time outside the storable years stands at their edge (the payload keeps what the source wrote). */
export function storableInstant(instant: Instant): Instant {
  if (Number.isNaN(instant)) throw new RangeError('an event needs a time')
  return Math.round(Math.min(Math.max(instant, EARLIEST_INSTANT), LATEST_INSTANT) * 1000) / 1000
}

/** Whole microseconds since 1970. */
export function microsOf(instant: Instant): number {
  return Math.round(instant * 1000)
}

/** The same value with storable text everywhere. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) => (typeof member === 'string' ? storableText(member) : member))
}
