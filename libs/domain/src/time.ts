/** Milliseconds since 1970-01-01T00:00Z; a fraction keeps microseconds. */
export type Instant = number

/** Earliest and latest instant whose microseconds a double counts exactly: the years 1700 to 2250. */
export const EARLIEST_INSTANT: Instant = Date.UTC(1700, 0, 1)
export const LATEST_INSTANT: Instant = Date.UTC(2250, 0, 1)

const RFC3339 = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2})(?:[.,](\d+))?(Z|z|[+-]\d{2}:?\d{2})?$/

/**
 * Reads RFC 3339 with up to nanoseconds (kept to the microsecond) or a number of milliseconds.
 * Returns undefined for anything else: a record without a readable time is not dated by guess.
 */
export function parseInstant(value: unknown): Instant | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (typeof value !== 'string') return undefined
  const match = RFC3339.exec(value)
  if (!match) return undefined
  const whole = Date.parse(`${match[1] ?? ''}T${match[2] ?? ''}${(match[4] ?? 'Z').toUpperCase()}`)
  if (Number.isNaN(whole) || !isDate(match[1] ?? '')) return undefined
  const fraction = match[3] === undefined ? 0 : Number(`0.${match[3].slice(0, 6)}`) * 1000
  return Math.round((whole + fraction) * 1000) / 1000
}

/** The platform takes February 31st for March 3rd. */
function isDate(date: string): boolean {
  const day = Number(date.slice(8))
  return day <= 28 || new Date(`${date}T00:00:00Z`).getUTCDate() === day
}

/** RFC 3339 in UTC with milliseconds, or microseconds where the instant has them. */
export function formatInstant(instant: Instant): string {
  const whole = Math.floor(instant)
  const micros = Math.round((instant - whole) * 1000)
  const base = new Date(whole).toISOString()
  return micros === 0 ? base : `${base.slice(0, -1)}${String(micros).padStart(3, '0')}Z`
}

/** For people, in UTC to the minute, seconds cut off: 2026-03-01 08:00 UTC. */
export function formatMinute(instant: Instant): string {
  return `${formatInstant(instant).slice(0, 16).replace('T', ' ')} UTC`
}
