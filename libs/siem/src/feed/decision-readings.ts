import { textOf, type Data, type DecisionReading } from './content-of-decision.js'
import { severityNamed, severityOf, type FeedKind } from './kinds.js'

/** Decision events that have a kind of their own in the feed. The others are told as `outcome-recorded`. */
export const DECISION_READINGS: Readonly<Record<string, DecisionReading>> = {
  VerdictChanged: { kind: 'verdict-changed', severity: (data) => (data['to'] === 'uncontrolled' ? 3 : 2), tell: ofVerdict },
  FindingOpened: { kind: 'finding-opened', severity: (data) => severityNamed(textOf(data, 'severity') ?? '') ?? severityOf('finding-opened'), tell: ofControl },
  FindingClosed: { kind: 'finding-closed', tell: ofControl },
  CampaignScheduled: { kind: 'campaign-created', tell: ofCampaign },
  CampaignLaunched: { kind: 'campaign-started', tell: ofCampaign },
  CampaignSealed: { kind: 'campaign-closed', tell: ofCampaign },
  CampaignVoided: { kind: 'campaign-closed', tell: ofCampaign },
  ReviewOutcomeSet: { kind: kindOfOutcome, tell: (data) => ({ details: { decision: outcomeOf(data) } }) },
  ReviewItemExpired: { kind: 'decision-expired' },
  EvidenceRead: { kind: 'evidence-viewed', tell: (data) => ({ entity: { type: 'evidence', name: textOf(data, 'operation') ?? 'a query' } }) },
  ApiTokenIssued: { kind: 'token-created' },
  ApiTokenRevoked: { kind: 'token-revoked' },
  EventsErased: { kind: 'configuration-changed', tell: (data) => ({ entity: { type: 'erasure', name: textOf(data, 'reason') ?? 'erasure' } }) },
  EventsDetached: { kind: 'configuration-changed', tell: () => ({ entity: { type: 'archive', name: 'records detached' } }) },
  DestinationAdded: { kind: 'configuration-changed', tell: ofDestination },
  DestinationPaused: { kind: 'configuration-changed', tell: ofDestination },
  DestinationResumed: { kind: 'configuration-changed', tell: ofDestination },
  DestinationRemoved: { kind: 'configuration-changed', tell: ofDestination },
  DestinationDisabled: { kind: 'configuration-changed', severity: () => 4, tell: ofDestination },
  ReplayRequested: { kind: 'configuration-changed', tell: ofDestination },
} // prettier-ignore

type Told = ReturnType<NonNullable<DecisionReading['tell']>>

function ofDestination(data: Data): Told {
  return { entity: { type: 'export destination', name: textOf(data, 'destination') ?? 'unknown' } }
}

function ofCampaign(data: Data): Told {
  return { entity: { type: 'campaign', name: textOf(data, 'name') ?? 'campaign' } }
}

function ofControl(data: Data): Told {
  const [credential, control] = [textOf(data, 'credential') ?? 'unknown', textOf(data, 'control') ?? 'unknown']
  return { entity: { type: 'credential', id: credential }, details: { control } }
}

/** A control that applies no more says nothing of the credential: unknown, which is no pass. */
function ofVerdict(data: Data): Told {
  const { entity, details } = ofControl(data)
  const [verdict, before, reason] = [textOf(data, 'to') ?? 'unknown', textOf(data, 'from') ?? 'unknown', textOf(data, 'reason') ?? '']
  return { ...(entity === undefined ? {} : { entity }), details: { ...details, verdict, before, reason } }
} // prettier-ignore

/** Only a certification is one: an exception is told by its own word. */
function kindOfOutcome(data: Data): FeedKind {
  const outcome = outcomeOf(data)
  if (outcome === 'certify') return 'decision-certified'
  return outcome === 'revoke' || outcome === 'modify' ? 'decision-revoked' : 'outcome-recorded'
}

function outcomeOf({ outcome }: Data): string {
  const kind = typeof outcome === 'object' && outcome !== null ? (outcome as { kind?: unknown }).kind : undefined
  return typeof kind === 'string' ? kind : 'unknown'
}
