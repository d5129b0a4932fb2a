import type { FeedKind } from '../kinds.js'
import type { ReviewDecision } from './domain-event.js'
import { about, detailed, entity, moment, named, type ReadingsOf, type Told } from './reading.js'

/** Campaigns, their items, and what became of decisions. */
export const REVIEW_READINGS: ReadingsOf<ReviewDecision> = {
  CampaignDefined: { kind: 'configuration-changed', tell: ({ id }) => named('campaign definition', id) },
  CampaignDefinitionRetired: { kind: 'configuration-changed', tell: ({ id }) => named('campaign definition', id) },
  CampaignOccurrencesHandled: { kind: 'campaign-changed', severity: ({ missed = [] }) => (missed.length === 0 ? 1 : 3), tell: ({ id, missed = [] }) => ({ ...named('campaign definition', id), ...detailed({ missed: missed.length === 0 ? undefined : String(missed.length) }) }) },
  MicroCertificationsTriggered: { kind: 'campaign-changed', severity: 2, tell: ({ definition, found }) => ({ ...named('campaign definition', definition), ...detailed({ triggers: [...new Set(found?.map(({ trigger }) => trigger))].join(', '), found: String(found?.length ?? 0) }) }) },
  MicroCertificationsHandled: { kind: 'campaign-changed', severity: ({ deferred = 0 }) => (deferred > 0 ? 2 : 1), tell: ({ definition, campaign, asked = 0, deferred = 0 }) => ({ ...named('campaign definition', definition), ...detailed({ campaign, asked: String(asked), deferred: deferred === 0 ? undefined : String(deferred) }) }) },
  CampaignScheduled: { kind: 'campaign-created', tell: ({ id, cause }) => ({ ...named('campaign', id), ...detailed({ cause }) }) },
  CampaignPopulating: { kind: 'campaign-changed' },
  PopulationFrozen: { kind: 'campaign-changed', severity: ({ frozen }) => (frozen !== undefined && frozen.blocked > 0 ? 3 : 1), tell: ({ frozen }) => detailed({ blocked: frozen === undefined || frozen.blocked === 0 ? undefined : String(frozen.blocked) }) },
  CampaignBlocked: { kind: 'campaign-changed', severity: 3, outcome: 'failed', tell: why },
  CampaignLaunched: { kind: 'campaign-started', tell: ({ caveats }) => detailed({ caveats: caveats?.join('; ') }) },
  CampaignStageOpened: { kind: 'campaign-changed', tell: ({ stage }) => detailed({ stage: stage === undefined ? undefined : String(stage) }) },
  CampaignPaused: { kind: 'campaign-changed', severity: 2, tell: why },
  CampaignResumed: { kind: 'campaign-changed' },
  CampaignExtended: { kind: 'campaign-changed', severity: 2, tell: why },
  CampaignSupplemented: { kind: 'campaign-changed', severity: 2, tell: why },
  CampaignReminded: { kind: 'campaign-changed' },
  CampaignImpactSeen: { kind: 'campaign-changed' },
  CampaignClosing: { kind: 'campaign-changed', tell: why },
  CampaignSignedOff: { kind: 'campaign-changed', severity: 2, tell: ({ reason }) => detailed({ reason }) },
  CampaignRemediated: { kind: 'campaign-changed' },
  CampaignSealed: { kind: 'campaign-closed', tell: ({ reportHash }) => detailed({ reportHash }) },
  CampaignWatchEnded: { kind: 'campaign-changed', severity: ({ contradicted = 0 }) => (contradicted > 0 ? 2 : 1), tell: ({ contradicted }) => detailed({ contradicted: String(contradicted) }) },
  CampaignReiterated: { kind: 'campaign-changed', severity: 2 },
  CampaignVoidAsked: { kind: 'campaign-changed', severity: 3, tell: why },
  CampaignVoided: { kind: 'campaign-closed', severity: 3, outcome: 'failed', tell: why },
  ReviewItemAssigned: { kind: 'review-changed', tell: why },
  ReviewItemBlocked: { kind: 'finding-opened', severity: 3, outcome: 'failed', tell: why },
  ReviewItemEscalated: { kind: 'review-changed', severity: 2, tell: ({ campaign, action }) => detailed({ campaign, action }) },
  ReviewDelegated: { kind: 'review-changed', severity: 2, tell: ({ campaign, from, to, reason }) => ({ ...about(to), ...detailed({ campaign, inPlaceOf: from, reason }) }) },
  ReviewCommented: { kind: 'review-changed', tell: why },
  ReviewEvidenceOpened: { kind: 'evidence-viewed', tell: ({ campaign }) => detailed({ campaign }) },
  ReviewDecided: { kind: 'review-changed', tell: ({ campaign, decision, reason, isLate, isAfterLeaving }) => detailed({ campaign, decision: decision?.kind, reason, late: isLate === true ? 'yes' : undefined, afterLeaving: isAfterLeaving === true ? 'yes' : undefined }), severity: ({ isAfterLeaving }) => (isAfterLeaving === true ? 4 : 1) },
  ReviewDecisionRefused: { kind: 'review-changed', severity: 2, outcome: 'denied', tell: ({ campaign, decision, code, why: words }) => detailed({ campaign, decision: decision?.kind, code, reason: words }) },
  ReviewStageCompleted: { kind: 'review-changed', tell: ({ campaign }) => detailed({ campaign }) },
  ReviewOutcomeSet: { kind: kindOfOutcome, tell: ({ campaign, outcome }) => detailed({ campaign, decision: outcome?.kind ?? 'unknown', verdict: outcome?.kind === 'exception' ? 'exception' : undefined }) },
  ReviewOwnerAttested: { kind: 'review-changed', tell: ({ campaign, owner }) => ({ ...about(owner), ...detailed({ campaign }) }) },
  ReviewItemDrifted: { kind: 'review-changed', severity: 2, tell: ({ campaign, changes }) => detailed({ campaign, changes: changes?.join(', ') }) },
  ReviewItemChangeNoted: { kind: 'review-changed', tell: ({ campaign, changes }) => detailed({ campaign, changes: changes?.join(', ') }) },
  ReviewItemMoot: { kind: 'review-changed', tell: why },
  ReviewItemSuperseded: { kind: 'review-changed', tell: why },
  ReviewItemExpired: { kind: 'decision-expired', outcome: 'unknown', tell: ({ campaign }) => detailed({ campaign }) },
  ReviewDecisionImpeached: { kind: 'review-changed', severity: 3, tell: why },
  SealedDecisionImpeached: { kind: 'finding-opened', severity: 4, outcome: 'failed', tell: ({ campaign, credential, contradictions }) => ({ ...entity('credential', credential), ...detailed({ campaign, reason: contradictions?.map(({ why: words }) => words).join('; ') }) }) },
  ReviewPartiesFound: { kind: 'review-changed', severity: 2, tell: ({ campaign }) => detailed({ campaign }) },
  ReviewConflictFound: { kind: 'review-changed', severity: 3, tell: ({ campaign }) => detailed({ campaign }) },
  RemediationOrdered: { kind: 'remediation-recorded', severity: 2, tell: ({ campaign, id, outcome, mode, dueAt, credential }) => ({ ...entity('credential', credential), ...detailed({ campaign, order: id, decision: outcome?.kind, mode, due: moment(dueAt) }) }) },
  RemediationFailed: { kind: 'remediation-recorded', severity: 4, outcome: 'failed', tell: ({ campaign, order, why: words }) => detailed({ campaign, order, reason: words }) },
  RemediationApplied: { kind: 'remediation-recorded', outcome: 'unknown', tell: ({ campaign, order, how }) => detailed({ campaign, order, how }) },
  RemediationVerified: { kind: 'remediation-recorded', tell: ({ campaign, order }) => detailed({ campaign, order }) },
  RemediationPlanned: { kind: 'remediation-recorded', outcome: 'unknown', tell: ({ campaign, order, steps, endsTheRight }) => detailed({ campaign, order, steps: String(steps?.length ?? 0), endsTheRight: String(endsTheRight) }) },
  RemediationHeld: { kind: 'remediation-recorded', severity: 3, outcome: 'unknown', tell: ({ campaign, order, touches }) => detailed({ campaign, order, touches: touches?.join('; ') }) },
  RemediationReleased: { kind: 'remediation-recorded', severity: 3, tell: ({ campaign, order, reason }) => detailed({ campaign, order, reason }) },
  RemediationStepDone: { kind: 'remediation-recorded', outcome: 'unknown', tell: ({ campaign, order, how }) => detailed({ campaign, order, how }) },
  RemediationStepFailed: { kind: 'remediation-recorded', severity: 3, outcome: 'failed', tell: ({ campaign, order, why: words }) => detailed({ campaign, order, reason: words }) },
  RemediationHandedOver: { kind: 'remediation-recorded', outcome: 'unknown', tell: ({ campaign, order, to, how }) => detailed({ campaign, order, to, how }) },
  RemediationHandOverFailed: { kind: 'remediation-recorded', severity: 3, outcome: 'failed', tell: ({ campaign, order, to, why: words }) => detailed({ campaign, order, to, reason: words }) },
  RemediationSettled: { kind: 'remediation-recorded', outcome: 'unknown', tell: ({ campaign, order, how }) => detailed({ campaign, order, how }) },
  NotificationSent: { kind: 'campaign-changed', tell: ({ campaign, person, channel, items }) => detailed({ campaign, person, channel, items: String(items) }) },
  NotificationFailed: { kind: 'campaign-changed', severity: 3, outcome: 'failed', tell: ({ campaign, person, channel, why: words }) => detailed({ campaign, person, channel, reason: words }) },
  AccessRegressed: { kind: 'finding-opened', severity: 4, outcome: 'failed', tell: ({ campaign, order, at }) => detailed({ campaign, order, usedAt: moment(at) }) },
  ReviewItemClosed: { kind: 'review-changed', tell: ({ campaign, how }) => detailed({ campaign, how }) },
} // prettier-ignore

function why({
  campaign,
  why: reason,
}: {
  readonly campaign?: string | undefined
  readonly why?: string | undefined
}): Told {
  return detailed({ campaign, reason })
}

/** Only a certification is one: an exception is told by its own word. */
function kindOfOutcome({ outcome }: { readonly outcome?: { readonly kind: string } | undefined }): FeedKind {
  if (outcome?.kind === 'certify') return 'decision-certified'
  if (outcome?.kind === 'exception') return 'exception-changed'
  return outcome?.kind === 'revoke' || outcome?.kind === 'modify' ? 'decision-revoked' : 'outcome-recorded'
}
