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
  const base = formatMillis(whole)
  return micros === 0 ? `${base}Z` : `${base}${padded(micros, 3)}Z`
}

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
/** Dates of days that were formatted before. */
const dates = new Map<number, string>()
const DATES_MAX = 1_000

/** As the platform does, without its zone: chains and the feed are full of times of a few days, and the platform works out the date of each anew. */
function formatMillis(whole: number): string {
  const day = Math.floor(whole / DAY_MS)
  const within = whole - day * DAY_MS
  const hours = padded(Math.floor(within / HOUR_MS), 2)
  const minutes = padded(Math.floor(within / MINUTE_MS) % 60, 2)
  const seconds = padded(Math.floor(within / SECOND_MS) % 60, 2)
  return `${dates.get(day) ?? dateOf(day)}T${hours}:${minutes}:${seconds}.${padded(within % SECOND_MS, 3)}`
}

/** Throws RangeError for what is no day of the platform's. */
function dateOf(day: number): string {
  const date = new Date(day * DAY_MS).toISOString().slice(0, -14)
  if (dates.size >= DATES_MAX) dates.clear()
  dates.set(day, date)
  return date
}

function padded(value: number, digits: number): string {
  return String(value).padStart(digits, '0')
}

/** For people, in UTC to the minute, seconds cut off: 2026-03-01 08:00 UTC. */
export function formatMinute(instant: Instant): string {
  return `${formatInstant(instant).slice(0, 16).replace('T', ' ')} UTC`
}
