import { DAY_MS, definition, frozen, LAUNCH } from './campaign.js'
import { Race } from './race.js'
import { randomOf } from './random.js'
import { campaignRules, type CampaignCommand } from '../campaign/decider.js'
import { CAMPAIGN_TABLE, type CampaignStatus } from '../campaign/state.js'

const STEPS = 220
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
    { type: 'OpenStage', stage: below(3) }, { type: 'PauseCampaign', why }, { type: 'ResumeCampaign' },
    { type: 'ExtendCampaign', days: below(9), why }, { type: 'SupplementCampaign', frozen: frozen(), why: 'new' },
    { type: 'NoteReminder', key: `k${below(3)}`, reviewers: [] }, { type: 'NoteImpactSeen' },
    { type: 'CloseCampaign', open: below(2), why: 'done' }, { type: 'SignOff', reason: why, undecided: below(2) },
    { type: 'FinishRemediation', orders: 1, unapplied: below(2) }, { type: 'SealCampaign', figures: FIGURES, reportHash: 'h', unverified: below(2) },
    { type: 'EndWatch', watchedTo: 300, contradicted: below(2) },
    { type: 'ReiterateCampaign', by: 'c2', carried: below(2) }, below(8) === 0 ? { type: 'VoidCampaign', why } : { type: 'OpenStage', stage: 1 },
  ])
} // prettier-ignore

/** Statuses that one campaign went through; throws where it left its table. */
export function walkCampaign(seed: number): Set<CampaignStatus> {
  const random = randomOf(seed)
  const race = new Race(campaignRules, random)
  const seen = new Set<CampaignStatus>(['draft'])
  for (let step = 0; step < STEPS; step++) {
    const by = { actor: random.pick(['a', 'b']), at: LAUNCH + (step * DAY_MS) / 2 }
    for (const { before, event, after } of race.step(() => commandOf(random), by)) {
      if (!CAMPAIGN_TABLE[before.status].includes(event.type))
        throw new Error(`${seed}: ${event.type} in ${before.status}`)
      seen.add(after.status)
    }
  }
  return seen
}
