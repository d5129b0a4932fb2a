import type { Instant } from '@catena/domain'
import type { CatchUp } from '../definition/definition.js'

/** An occurrence that is acted on within this time is on time, whatever the policy of catching up. */
export const ON_TIME_MS = 3_600_000

/** Which of the occurrences that have come are begun; all others are noted as missed. */
export function toBegin(due: readonly Instant[], policy: CatchUp, now: Instant): readonly Instant[] {
  if (policy === 'all') return due
  const [last] = due.slice(-1)
  if (last === undefined) return []
  return policy === 'latest' || now - last <= ON_TIME_MS ? [last] : []
}
