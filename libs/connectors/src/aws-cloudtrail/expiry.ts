import { parseInstant, type Instant } from '@catena/domain'

/** `Aug 1, 2024, 11:45:22 AM`: STS writes its times in responses as a Java program prints them, in UTC. */
const PRINTED = /^([A-Z][a-z]{2}) (\d{1,2}), (\d{4}),? (\d{1,2}):(\d{2}):(\d{2})[\s\u202f](AM|PM)$/
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

export function expiryOf(value: string | undefined): Instant | undefined {
  const [, month = '', day, year, hour, minute, second, half] = PRINTED.exec(value ?? '') ?? []
  if (half === undefined) return parseInstant(value)
  const index = MONTHS.indexOf(month)
  if (index < 0) return undefined
  const hours = (Number(hour) % 12) + (half === 'PM' ? 12 : 0)
  return Date.UTC(Number(year), index, Number(day), hours, Number(minute), Number(second))
}
