import type { StageTimes } from '../campaign/facts.js'
import type { CampaignState, LaunchedCampaign } from '../campaign/state.js'
import { isLaunched } from '../campaign/state.js'
import type { FrozenItem } from '../population/frozen-item.js'
import type { ItemState } from './state.js'

/** What an item is decided on beside its own stream: what was frozen, and the campaign as it stands. */
export interface ItemContext {
  readonly item: FrozenItem
  readonly campaign: CampaignState
}

/** As it was frozen, before anything happened to it. */
export function frozenState({ reviewers }: Pick<FrozenItem, 'reviewers'>): ItemState {
  const item = {
    stage: 0, reviewers, delegations: [], votes: [], countFrom: 0, stageOutcomes: [], opened: [], refused: [], escalations: [],
    isImpeached: false, revision: 0,
  } // prettier-ignore
  return reviewers.length > 0
    ? { ...item, status: 'assigned' }
    : { ...item, status: 'pending', why: 'nobody is eligible to review it' }
}

export function quorumOf(campaign: CampaignState, stage: number): number {
  return campaign.status === 'draft' ? 1 : (campaign.definition.stages[stage]?.quorum ?? 1)
}

export function stageTimes(campaign: LaunchedCampaign, stage: number): StageTimes | undefined {
  return campaign.stages[stage]
}

/** Once a campaign has closed, what nobody answered is expired, whether an event says so or not. */
export function hasClosed(campaign: CampaignState): boolean {
  return isLaunched(campaign) && campaign.status !== 'active' && campaign.status !== 'paused'
}
