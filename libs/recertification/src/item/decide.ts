import { refusal, type Decided, type Instant, type Key, type Refusal } from '@catena/domain'
import { isLaunched } from '../campaign/state.js'
import { accessorName } from '../population/identity.js'
import { bare, hasLeft } from '../ports/people.js'
import { conflictsOf } from '../reviewers/independence.js'
import type { ReviewDecision } from '../votes/decision.js'
import { answeredBefore } from './answered.js'
import type { Decide, ItemCode } from './commands.js'
import { stageTimes, type ItemContext } from './context.js'
import { inPlaceOf, NOT_YOURS, seatFor } from './delegation.js'
import type { ItemEvent } from './events.js'
import { ownershipNeeded } from './ownership.js'
import { isExcluded, partiesKnown } from './parties.js'
import { OPEN, standingVotes, supersedes, type ItemState } from './state.js'

const DAY_MS = 86_400_000

type Answer = readonly ItemEvent[] | Refusal<ItemCode>

/** Rules of one vote, in the order in which a person can act on them. */
export function decideVote(state: ItemState, command: Decide, by: Decided, context: ItemContext): Answer {
  const answered = answeredBefore(state, command)
  if (answered !== undefined) return answered
  const chain = inPlaceOf(state, command.reviewer)
  if (chain === undefined) return NOT_YOURS
  const people = [command.reviewer, ...chain.map((key) => command.others.get(key) ?? bare(key))]
  const conflicts = conflictsOf(people, partiesKnown(context.item, state))
  if (conflicts.length > 0)
    return onRecord(command, context, 'CONFLICT_OF_INTEREST', `nobody reviews their own access: ${conflicts.map(({ person, as }) => `${person} is its ${as}`).join(', ')}`)
  if (people.some((person) => isExcluded(state, person)))
    return onRecord(command, context, 'CONFLICT_OF_INTEREST', 'nobody reviews their own access: it became known after the freeze that you are a party to it')
  const closed = refuseWhenClosed(state, by.at, context)
  if (closed !== undefined) return closed
  if (command.saw !== undefined && command.saw !== state.revision)
    return onRecord(command, context, 'DECIDED_MEANWHILE', `somebody decided or changed ${command.bulk === undefined ? 'this item' : nameOf(context.item)} meanwhile: look at it again`)
  const seat = seatFor(state, command.reviewer, chain)
  return (
    refuseDecision(command.decision, by.at, context) ??
    refuseWithoutOwner(state, command.decision, context) ??
    refuseWithoutReason(state, command, seat, context) ??
    (command.bulk === undefined ? undefined : refuseInBulk(state, command, by.at, context)) ?? [voteOf(state, command, { chain, seat }, by.at, context)]
  )
} // prettier-ignore

/** The try counts for nothing, and is on record. */
function onRecord({ reviewer, decision, reason, request }: Decide, { item }: ItemContext, code: ItemCode, why: string): ItemEvent[] {
  const data = { campaign: item.campaign, reviewer: reviewer.key, decision, reason, code, why, request }
  return [{ type: 'ReviewDecisionRefused', data }]
} // prettier-ignore

function refuseWhenClosed(state: ItemState, at: Instant, { campaign }: ItemContext): Refusal<ItemCode> | undefined {
  if (!isLaunched(campaign)) return refusal('CAMPAIGN_CLOSED', `the campaign is ${campaign.status}: it takes no decisions`)
  if (campaign.status === 'sealed' || campaign.status === 'reiterated')
    return refusal('CAMPAIGN_SEALED', 'the campaign is sealed: ask for a new iteration')
  if (campaign.status === 'paused') return refusal('CAMPAIGN_PAUSED', `the campaign is paused: ${campaign.why}`)
  if (campaign.status !== 'active' || at > campaign.graceUntil)
    return refusal('CAMPAIGN_CLOSED', 'time is up, with the grace: ask for a new iteration')
  if (!OPEN.has(state.status)) return refusal('NOT_OPEN', `the item is ${state.status}: it can only be reopened as a new iteration`)
  const stage = stageTimes(campaign, state.stage)
  return stage === undefined || at < stage.opensAt ? refusal('STAGE_NOT_OPEN', 'its stage has not begun') : undefined
} // prettier-ignore

function refuseDecision(decision: ReviewDecision, at: Instant, { item }: ItemContext): Refusal<ItemCode> | undefined {
  const bad = (message: string): Refusal<ItemCode> => refusal('BAD_DECISION', message)
  if (decision.kind === 'exception') {
    if (!Number.isFinite(decision.until) || decision.until <= at) return bad('an exception needs an end in the future')
    if (decision.compensatingControls.length === 0) return bad('an exception needs a compensating control')
  }
  if (decision.kind !== 'modify') return undefined
  const { scope, until } = decision
  if (scope === undefined && until === undefined) return bad('say what remains of the scope, or when the window ends')
  if (until !== undefined && !(until > at)) return bad('the window must end in the future: revoke instead')
  if (scope?.length === 0) return bad('nothing would remain of the scope: revoke instead')
  const { grant } = item.access
  if (scope?.some((part) => grant !== undefined && !grant.scope.includes(part))) return bad('the scope can only be narrowed')
  return grant?.until !== undefined && until !== undefined && until > grant.until ? bad('the window can only be shortened') : undefined
} // prettier-ignore

/** Nothing is left standing that nobody answers for: somebody has to be on record first. */
function refuseWithoutOwner(state: ItemState, { kind }: ReviewDecision, context: ItemContext): Refusal<ItemCode> | undefined {
  const needed = kind === 'revoke' || kind === 'abstain' ? undefined : ownershipNeeded(state, context)
  return needed === undefined ? undefined : refusal('OWNER_FIRST', `${needed}: an ownership attestation comes first; until then the access can be revoked`)
} // prettier-ignore

function refuseWithoutReason(state: ItemState, { decision, reason, reviewer }: Decide, seat: Key, { item }: ItemContext): Refusal<ItemCode> | undefined {
  if (reason.trim() !== '') return undefined
  const needed = (why: string): Refusal<ItemCode> => refusal('REASON_NEEDED', `${why}: give a reason`)
  const before = standingVotes(state).find((vote) => supersedes({ reviewer: reviewer.key, seat }, vote))
  if (before !== undefined) return needed(before.reviewer === reviewer.key ? 'you decided before, and change it' : `${before.reviewer} decided before in the same seat, and you change it`)
  if (decision.kind === 'exception') return needed('an exception is asked about later')
  if (decision.kind === 'certify' && isUnsure(item)) return needed('nobody is proven to have made these accesses')
  if (decision.kind === 'certify' && item.recommendation.decision === 'revoke') return needed('the evidence speaks for revoking')
  return undefined
} // prettier-ignore

function refuseInBulk(state: ItemState, { decision, reason, isReasonOwn, saw }: Decide, at: Instant, { item, campaign }: ItemContext): Refusal<ItemCode> | undefined {
  if (campaign.status === 'draft') return undefined
  if (state.status === 'drifted' && saw === undefined) return refusal('NOT_IN_BULK', `${nameOf(item)} changed since it was frozen (${state.changes.join('; ')}): decide it by itself, or say which revision of it was seen`)
  const { reasonAboveRisk, evidenceDaysMax } = campaign.definition
  if (decision.kind === 'certify' && isUnsure(item)) return refusal('NOT_IN_BULK', 'who is unknown or ambiguous is not certified in bulk: decide it by itself')
  if (item.risk > reasonAboveRisk && (!isReasonOwn || reason.trim() === '')) return refusal('REASON_NEEDED', `the risk of ${nameOf(item)} is ${item.risk}: above ${reasonAboveRisk} each item needs a reason of its own`)
  const frozenAt = isLaunched(campaign) ? campaign.frozen.at : at
  return at - frozenAt > evidenceDaysMax * DAY_MS ? refusal('EVIDENCE_STALE', `its evidence is older than ${evidenceDaysMax} days: decide it by itself`) : undefined
} // prettier-ignore

function nameOf({ access: { credential, accessor } }: ItemContext['item']): string {
  return `${credential.system} ${credential.container}${credential.path} with ${accessorName(accessor)}`
}

function isUnsure({ access }: ItemContext['item']): boolean {
  return access.accessor.kind === 'unknown' || access.accessor.kind === 'ambiguous'
}

function voteOf(state: ItemState, command: Decide, { chain, seat }: { readonly chain: readonly Key[]; readonly seat: Key }, at: Instant, { item, campaign }: ItemContext): ItemEvent {
  const { reviewer, decision, reason, request, bulk } = command
  const due = isLaunched(campaign) ? stageTimes(campaign, state.stage)?.dueAt : undefined
  return {
    type: 'ReviewDecided',
    data: {
      campaign: item.campaign,
      reviewer: reviewer.key,
      inPlaceOf: chain,
      seat,
      decision,
      reason,
      stage: state.stage,
      evidenceHash: item.evidenceHash,
      recommended: item.recommendation.decision,
      isLate: due !== undefined && at > due,
      isAfterLeaving: hasLeft(reviewer, at),
      ...(bulk === undefined ? {} : { bulk }),
      request,
      supersedes: standingVotes(state).some((vote) => supersedes({ reviewer: reviewer.key, seat }, vote)),
    },
  }
} // prettier-ignore
