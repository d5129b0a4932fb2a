import type { Instant } from '@catena/domain'
import { Temporal } from 'temporal-polyfill'

/** A name of the IANA database; an offset is none, because it does not know summer time. */
export function isTimeZone(zone: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]*$/.test(zone)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

/** A time of day that a clock change skips is the first instant after it; one that happens twice is the first of both. */
export function instantOf(local: Temporal.PlainDateTime, zone: string): Instant {
  const earlier = local.toZonedDateTime(zone, { disambiguation: 'earlier' })
  if (earlier.toPlainDateTime().equals(local)) return earlier.epochMilliseconds
  return earlier.getTimeZoneTransition('next')?.epochMilliseconds ?? earlier.epochMilliseconds
}

/** The same time of day so many days later, as an instant. */
export function daysLater(from: Instant, days: number, zone: string): Instant {
  const local = Temporal.Instant.fromEpochMilliseconds(Math.trunc(from)).toZonedDateTimeISO(zone).toPlainDateTime()
  return instantOf(local.add({ days }), zone)
}
