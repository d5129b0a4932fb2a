import type { DomainEvent } from './domain-event.js'
import { GOVERNANCE_READINGS } from './governance-readings.js'
import { OWN_READINGS } from './own-readings.js'
import type { ReadingsOf } from './reading.js'
import { REVIEW_READINGS } from './review-readings.js'
import { SHARING_READINGS } from './sharing-readings.js'

/** What every type of decision is in the feed. A new event without a reading does not compile. */
export const DECISION_READINGS: ReadingsOf<DomainEvent> = {
  ...GOVERNANCE_READINGS,
  ...SHARING_READINGS,
  ...REVIEW_READINGS,
  ...OWN_READINGS,
}
