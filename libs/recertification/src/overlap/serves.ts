import { isLaunched, type CampaignState } from '../campaign/state.js'
import type { Definition } from '../definition/definition.js'
import { ownershipNeeded } from '../item/ownership.js'
import { isExcluded, partiesKnown } from '../item/parties.js'
import { OPEN, type ItemState } from '../item/state.js'
import type { FrozenItem } from '../population/frozen-item.js'
import { withParties } from '../population/parties.js'
import type { Identity } from '../ports/people.js'
import { conflictsOf } from '../reviewers/independence.js'
import type { Outcome } from '../votes/decision.js'
import { changesBetween } from '../watch/changes.js'

/** One access as one campaign has it. */
export interface Side {
  readonly item: FrozenItem
  readonly state: ItemState
  readonly campaign: CampaignState
}

/** What was decided on the other side. */
export interface Decision {
  readonly outcome: Outcome
  /** Position of the earliest vote that it rests on. */
  readonly since: number
  /** Everybody who voted, and in whose place. */
  readonly voters: readonly Identity[]
  readonly hasVotesOfLeavers: boolean
}

/**
 * Why a decision on one side does not serve the same access on the other, in words; undefined: it serves both. A revoke waits for no further
 * stage; it too must be independent and made on evidence that is no older.
 */
export function whyNotServed(giving: Side, { outcome, since, voters, hasVotesOfLeavers }: Decision, taking: Side): string | undefined {
  const isRevoke = outcome.kind === 'revoke'
  if (!isLaunched(taking.campaign) || !isLaunched(giving.campaign)) return 'one of the campaigns is not running'
  if (!OPEN.has(taking.state.status)) return 'it is answered'
  if (since <= taking.campaign.frozen.position) return 'it was decided before the other population was frozen'
  if (taking.state.drift !== undefined && !isRevoke) return 'the access changed, and has to be confirmed anew'
  if (hasVotesOfLeavers) return 'somebody voted after leaving'
  const conflicts = conflictsOf(voters, withParties(partiesKnown(taking.item, taking.state), partiesKnown(giving.item, giving.state)))
  if (conflicts.length > 0 || voters.some((voter) => isExcluded(taking.state, voter) || isExcluded(giving.state, voter))) return 'a voter is a party to the access as one of the campaigns has it'
  if (isRevoke) return undefined
  if (!coversStages(giving.campaign.definition, taking.campaign.definition)) return 'the other campaign asks for stages that it did not go through'
  const { material } = changesBetween(seen(giving), seen(taking))
  if (material.length > 0) return `the evidence differs: ${material.join('; ')}`
  return ownershipNeeded(taking.state, taking)
} // prettier-ignore

/** Each stage of the one that takes was gone through: the same reviewers were asked, and as many of them. */
function coversStages(giving: Pick<Definition, 'stages'>, taking: Pick<Definition, 'stages'>): boolean {
  return taking.stages.every(({ reviewers, quorum }, index) => {
    const own = giving.stages[index]
    return own !== undefined && own.quorum >= quorum && JSON.stringify(own.reviewers) === JSON.stringify(reviewers)
  })
}

function seen({ item }: Side): Parameters<typeof changesBetween>[0] {
  return { row: item.access, owner: item.owner }
}

/** A revoke that came elsewhere contradicts an answer that lets the access stand. */
export function contradicts(outcome: Outcome, { status, ...state }: ItemState): boolean {
  return outcome.kind === 'revoke' && !OPEN.has(status) && 'outcome' in state && state.outcome.kind !== 'revoke' && !state.isImpeached
} // prettier-ignore
