import { parseInstant, type Instant } from '@catena/domain'
import { InvalidArgumentError } from 'commander'

/** A time as people type it; a day means its beginning in UTC. */
export function parseTime(text: string): Instant {
  const time = parseInstant(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text)
  if (time === undefined) throw new InvalidArgumentError('It must be a time such as 2026-03-01T08:00:00Z, or a day.')
  return time
}
