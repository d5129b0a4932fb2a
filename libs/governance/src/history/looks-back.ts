import type { Instant } from '@catena/domain'
import type { CredentialHistory } from './credential-history.js'
import { isObtained } from './retrieval.js'

/** What is known one by one. */
type Held = Pick<CredentialHistory, 'retrievals' | 'older'>

/** Each time after it that it was obtained is known one by one; what was before or at it, only by its sums. */
export function knownFrom({ retrievals, older }: Held): Instant {
  return older ? (retrievals.findLast(isObtained)?.at ?? Infinity) : -Infinity
}

/** Is each time that it was obtained since then known one by one? */
export function looksBackTo(history: Held, since: Instant): boolean {
  return since > knownFrom(history)
}
