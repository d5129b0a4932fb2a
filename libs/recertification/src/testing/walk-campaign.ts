import { isRefusal } from '@catena/domain'
import { DAY_MS, definition, frozen, LAUNCH } from './campaign.js'
import { randomOf } from './random.js'
import { campaignRules, type CampaignCommand } from '../campaign/decider.js'
import { CAMPAIGN_TABLE, type CampaignStatus } from '../campaign/state.js'

const STEPS = 90
const FIGURES = { items: 1, certified: 0, revoked: 0, modified: 0, excepted: 0, moot: 0, superseded: 0, expired: 1 }
const stages = [0, 1].map((stage) => ({
  name: `s${stage}`,
  fromDay: stage * 5,
  toDay: stage * 5 + 5,
  quorum: 1,
  reviewers: [],
}))
const scheduled = {
  id: 'c1',
  definition: definition({ stages }),
  definitionId: 'd',
  definitionVersion: 1,
  cause: 'by hand',
  scheduledFor: LAUNCH,
}

function commandOf(random: ReturnType<typeof randomOf>): CampaignCommand {
  const below = (limit: number): number => random.below(limit)
  const why = random.pick(['', 'because'])
  return random.pick<CampaignCommand>([
    { type: 'ScheduleCampaign', scheduled },
    { type: 'BeginPopulation', position: 100 }, { type: 'BeginPopulation', position: 101 },
    { type: 'FreezePopulation', frozen: frozen({ items: below(6) }) }, { type: 'FreezePopulation', frozen: frozen() },
    below(3) === 0 ? { type: 'BlockCampaign', why: 'incomplete' } : { type: 'LaunchCampaign' }, { type: 'LaunchCampaign' },
    { type: 'OpenStage', stage: below(3) }, { type: 'PauseCampaign', why }, { type: 'ResumeCampaign', pausedAt: LAUNCH },
    { type: 'ExtendCampaign', days: below(9), why }, { type: 'SupplementCampaign', frozen: frozen(), why: 'new' },
    { type: 'NoteReminder', key: `k${below(3)}`, reviewers: [] }, { type: 'NoteImpactSeen' },
    { type: 'CloseCampaign', open: below(2), why: 'done' }, { type: 'SignOff', reason: why, undecided: below(2) },
    { type: 'FinishRemediation', orders: 1, unapplied: below(2) }, { type: 'SealCampaign', figures: FIGURES, reportHash: 'h', unverified: below(2) },
    { type: 'ReiterateCampaign', by: 'c2', carried: below(2) }, below(8) === 0 ? { type: 'VoidCampaign', why } : { type: 'OpenStage', stage: 1 },
  ])
} // prettier-ignore

/** Statuses that one campaign went through. */
export function walkCampaign(seed: number): Set<CampaignStatus> {
  const random = randomOf(seed)
  const seen = new Set<CampaignStatus>(['draft'])
  let state = campaignRules.initial
  for (let step = 0; step < STEPS; step++) {
    const by = { actor: random.pick(['a', 'b']), at: LAUNCH + step * DAY_MS }
    const answer = campaignRules.decide(state, commandOf(random), by)
    for (const event of isRefusal(answer) ? [] : answer) {
      if (!CAMPAIGN_TABLE[state.status].includes(event.type))
        throw new Error(`${seed}: ${event.type} in ${state.status}`)
      state = campaignRules.evolve(state, event, by)
      seen.add(state.status)
    }
  }
  return seen
}
