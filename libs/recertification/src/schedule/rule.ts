import type { Temporal } from 'temporal-polyfill'

/** What is wrong with a schedule, in words that say what to write. */
export class BadSchedule extends Error {}

const FREQUENCIES = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY']
/** Days that some months lack. */
const LAST_DAY_OF_ALL = 28

type Parts = ReadonlyMap<string, string>

/**
 * A recurrence rule (RFC 5545 section 3.3.10) with one difference: day 29, 30 or 31 of a month that is shorter means its last day, where
 * the RFC leaves the month out. Throws BadSchedule.
 */
export function readRule(text: string, start: Temporal.PlainDateTime): string {
  const parts = partsOf(text)
  const frequency = parts.get('FREQ') ?? ''
  if (!FREQUENCIES.includes(frequency))
    throw new BadSchedule(`FREQ is ${frequency || 'missing'}: write one of ${FREQUENCIES.join(', ')}`)
  return write(withLastDays(parts, frequency, start))
}

function partsOf(text: string): Parts {
  const pairs = text.replace(/^RRULE:/, '').split(';').map((pair) => pair.split('=')) // prettier-ignore
  if (pairs.some(({ length }) => length !== 2))
    throw new BadSchedule(`${text} is no recurrence rule: write one such as FREQ=MONTHLY;INTERVAL=3`)
  return new Map(pairs.map(([name = '', value = '']) => [name.trim().toUpperCase(), value.trim().toUpperCase()]))
}

/** The last of the days 28 … d that a month has. */
function withLastDays(parts: Parts, frequency: string, start: Temporal.PlainDateTime): Parts {
  const days = parts.get('BYMONTHDAY')?.split(',').map(Number) ?? [start.day]
  const late = days.filter((day) => day > LAST_DAY_OF_ALL)
  const isPlain = !['BYDAY', 'BYSETPOS', 'BYWEEKNO', 'BYYEARDAY'].some((name) => parts.has(name))
  if (late.length === 0 || !isPlain || !['MONTHLY', 'YEARLY'].includes(frequency)) return parts
  const months = parts.get('BYMONTH')?.split(',') ?? [String(start.month)]
  if (days.length > 1 || (frequency === 'YEARLY' && months.length > 1))
    throw new BadSchedule('a day after the 28th stands alone, in one rule a month: write FREQ=MONTHLY;BYMONTHDAY=31')
  const last = late[0] ?? LAST_DAY_OF_ALL
  const range = Array.from({ length: last - LAST_DAY_OF_ALL + 1 }, (_, index) => LAST_DAY_OF_ALL + index)
  const month: [string, string][] = frequency === 'YEARLY' ? [['BYMONTH', months.join(',')]] : []
  return new Map([...parts, ...month, ['BYMONTHDAY', range.join(',')], ['BYSETPOS', '-1']])
}

function write(parts: Parts): string {
  return [...parts].map(([name, value]) => `${name}=${value}`).join(';')
}
