import { parseInstant, type Instant } from '@catena/domain'
import { InvalidArgumentError } from 'commander'

/** A day means its end, in UTC. */
export function parseMoment(text: string): Instant {
  const moment = parseInstant(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T23:59:59.999Z` : text)
  if (moment === undefined)
    throw new InvalidArgumentError('write a day or a time, e.g. 2026-03-01 or 2026-03-01T08:00:00Z')
  return moment
}
