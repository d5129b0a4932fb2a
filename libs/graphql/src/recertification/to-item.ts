import {
  accessorName,
  campaignName,
  dueAtOf,
  whyBlocked,
  type ListedItem,
  type LoadedItem,
  type ReviewDecision,
} from '@catena/recertification'
import { badInput } from '../errors/api-error.js'
import {
  ReviewComment,
  ReviewedCopy,
  ReviewedException,
  ReviewItem,
  SinceSealStatement,
  type ReviewDecisionInput,
} from './item.model.js'

/** As a list shows it, or as it was loaded by itself. */
type Shown = ListedItem | LoadedItem

export function toReviewItem(shown: Shown): ReviewItem {
  const { item, state } = shown
  const { access, recommendation, id, campaign, subject, risk, evidenceClass, evidenceHash, notReviewers } = item
  const { credential } = access
  return Object.assign(new ReviewItem(), {
    id, campaign, subject, risk, evidenceClass, evidenceHash, notReviewers, access,
    campaignName: ('campaignName' in shown ? shown.campaignName : campaignName(shown.campaign)) ?? null,
    status: state.status,
    revision: state.revision,
    changedSince: state.changedSince ?? [],
    dueAt: ('dueAt' in shown ? shown.dueAt : dueAtOf(shown.campaign, state.stage)) ?? null,
    credential: `${credential.system} ${credential.container}${credential.path}`,
    credentialId: credential.id,
    accessor: accessorName(access.accessor),
    accessorKind: access.accessor.kind,
    chain: access.chain,
    weakest: access.weakest,
    lastUsedAt: access.lastUsedAt ?? null,
    uses: access.uses,
    lastFrom: access.lastFrom ?? null,
    recordedBy: access.recordedBy ?? [],
    purpose: access.purpose ?? null,
    exceptions: (access.exceptions ?? []).map((one) => Object.assign(new ReviewedException(), { ...one, blastRadius: one.blastRadius ?? null })),
    copies: (access.copiedTo ?? []).map((one) => Object.assign(new ReviewedCopy(), { ...one, version: one.version ?? null })),
    owner: item.owner ?? null,
    recommendation: recommendation.decision,
    recommendationReason: recommendation.reason,
    positions: access.evidence,
    reviewers: state.reviewers,
    handedTo: state.delegations.map(({ to }) => to),
    blockedBecause: whyBlocked(item, state) ?? null,
    votes: state.votes.map((vote) => ({ ...vote, kind: vote.decision.kind })),
    comments: (state.comments ?? []).map((one) => Object.assign(new ReviewComment(), one)),
    outcome: ('outcome' in state ? state.outcome : undefined) ?? null,
    adoptedFrom: state.adoptedFrom?.campaign ?? null,
    isImpeached: state.isImpeached,
    sinceSeal: (state.sinceSeal ?? []).map((one) => Object.assign(new SinceSealStatement(), one)),
  })
} // prettier-ignore

export function toDecision({ kind, scope, until, compensatingControls }: ReviewDecisionInput): ReviewDecision {
  if (kind === 'modify') return { kind, ...(scope == null ? {} : { scope }), ...(until == null ? {} : { until }) }
  if (kind !== 'exception') return { kind }
  if (until == null) throw badInput('an exception needs an end: give `until`')
  return { kind, until, compensatingControls: compensatingControls ?? [] }
}
