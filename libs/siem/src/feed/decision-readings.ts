import { textOf, type Data, type DecisionReading } from './content-of-decision.js'

/** Decision events that have a kind of their own in the feed. The others are told as `outcome-recorded`. */
export const DECISION_READINGS: Readonly<Record<string, DecisionReading>> = {
  EventsErased: { kind: 'configuration-changed', tell: (data) => ({ entity: { type: 'erasure', name: textOf(data, 'reason') ?? 'erasure' } }) },
  EventsDetached: { kind: 'configuration-changed', tell: () => ({ entity: { type: 'archive', name: 'records detached' } }) },
  DestinationAdded: { kind: 'configuration-changed', tell: ofDestination },
  DestinationPaused: { kind: 'configuration-changed', tell: ofDestination },
  DestinationResumed: { kind: 'configuration-changed', tell: ofDestination },
  DestinationRemoved: { kind: 'configuration-changed', tell: ofDestination },
  DestinationDisabled: { kind: 'configuration-changed', tell: ofDestination },
  ReplayRequested: { kind: 'configuration-changed', tell: ofDestination },
} // prettier-ignore

function ofDestination(data: Data): ReturnType<NonNullable<DecisionReading['tell']>> {
  return { entity: { type: 'export destination', name: textOf(data, 'destination') ?? 'unknown' } }
}
