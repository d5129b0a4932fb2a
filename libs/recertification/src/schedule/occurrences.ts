import type { Instant } from '@catena/domain'
import { RRuleTemporal } from 'rrule-temporal'
import { Temporal } from 'temporal-polyfill'
import { BadSchedule, readRule } from './rule.js'
import { instantOf, isTimeZone } from './wall-clock.js'

/** When campaigns of a definition begin. */
export interface Schedule {
  /** A recurrence rule without its start, e.g. `FREQ=MONTHLY;INTERVAL=3`. */
  readonly rule: string
  /** Of the IANA database, e.g. `Europe/Berlin`. */
  readonly zone: string
  /** First time of day in that zone, e.g. `2026-01-01T09:00`. */
  readonly start: string
}

/** Two are never so far apart: a rule that is silent for longer never fires. */
const SILENCE_YEARS_MAX = 30
/** Keeps a rule that matches nothing from searching for ever. */
const ITERATIONS_MAX = 20_000

/** Occurrences with after < instant ≤ until, ascending, at most `limit`. Throws BadSchedule. */
export function occurrencesBetween(schedule: Schedule, after: Instant, until: Instant, limit = 1_000): Instant[] {
  const found: Instant[] = []
  for (const instant of occurrencesOf(schedule, after)) {
    if (instant > until || found.length === limit) break
    if (instant > after) found.push(instant)
  }
  return found
}

/** The first occurrences of a schedule. Throws BadSchedule. */
export function firstOccurrences(schedule: Schedule, count: number): Instant[] {
  return occurrencesBetween(schedule, -Infinity, Infinity, count)
}

/**
 * The rule runs on times of day without a zone, where no hour is missing or double; each is placed into the zone afterwards.
 * Begins a day early, because a clock may have been set by so much.
 */
function* occurrencesOf(schedule: Schedule, after: Instant): Generator<Instant> {
  const { rule, zone } = soundRule(schedule)
  let from = Number.isFinite(after) ? pretend(after, zone).subtract({ days: 2 }) : undefined
  for (;;) {
    const next = nextOf(rule, from ?? floor(schedule))
    if (next === undefined || isSilent(schedule, from, next)) return
    yield instantOf(next.toPlainDateTime(), zone)
    from = next
  }
}

/** Undefined: there is none, or none within as many steps as the library takes. */
function nextOf(rule: RRuleTemporal, after: Temporal.ZonedDateTime): Temporal.ZonedDateTime | undefined {
  try {
    return rule.next(after) ?? undefined
  } catch (error) {
    if (error instanceof Error && /maximum iterations/i.test(error.message)) return undefined
    throw error
  }
}

function soundRule(schedule: Schedule): { rule: RRuleTemporal; zone: string } {
  const { zone } = schedule
  if (!isTimeZone(zone)) throw new BadSchedule(`there is no time zone ${zone}: write one such as Europe/Berlin`)
  const start = startOf(schedule)
  const rruleString = readRule(schedule.rule, start)
  try {
    const dtstart = start.toZonedDateTime('UTC')
    return { rule: new RRuleTemporal({ rruleString, dtstart, maxIterations: ITERATIONS_MAX }), zone }
  } catch (error) {
    throw new BadSchedule(`${schedule.rule} is no recurrence rule: ${error instanceof Error ? error.message : ''}`)
  }
}

function startOf({ start }: Schedule): Temporal.PlainDateTime {
  try {
    return Temporal.PlainDateTime.from(start)
  } catch {
    throw new BadSchedule(`${start} is no time of day: write one such as 2026-01-01T09:00`)
  }
}

function floor(schedule: Schedule): Temporal.ZonedDateTime {
  return startOf(schedule).toZonedDateTime('UTC').subtract({ seconds: 1 })
}

/** The zone's time of day as if it were UTC. */
function pretend(instant: Instant, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(Math.trunc(instant)).toZonedDateTimeISO(zone).toPlainDateTime().toZonedDateTime('UTC') // prettier-ignore
}

function isSilent(schedule: Schedule, from: Temporal.ZonedDateTime | undefined, next: Temporal.ZonedDateTime): boolean {
  const since = from ?? startOf(schedule).toZonedDateTime('UTC')
  return next.year - since.year > SILENCE_YEARS_MAX
}
