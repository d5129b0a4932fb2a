import type { ReviewerRule } from '../definition/definition.js'
import type { ItemContext } from './context.js'
import type { ItemState } from './state.js'

/** Do these rules rest on who answers for the credential? */
export function asksOwner(rules: readonly ReviewerRule[]): boolean {
  return rules.some(({ kind }) => kind === 'owner' || kind === 'owners-manager')
}

/**
 * Why an ownership attestation comes before the review of an item, in words; undefined: it does not. Only where the stage asks the owner: a
 * campaign that names its reviewers does not rest on ownership.
 */
export function ownershipNeeded({ owner, stage }: Pick<ItemState, 'owner' | 'stage'>, { item, campaign }: ItemContext): string | undefined {
  if (owner !== undefined || campaign.status === 'draft') return undefined
  if (!asksOwner(campaign.definition.stages[stage]?.reviewers ?? [])) return undefined
  if (item.owner === undefined) return 'nobody is on record as the owner of the credential'
  return item.ownerLeft === true ? `its owner ${item.owner} has left` : undefined
} // prettier-ignore
