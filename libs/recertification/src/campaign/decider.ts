import { formatInstant, refusal, type Decided, type Instant, type Key, type Refusal } from '@catena/domain'
import { asDecider, type Rules } from '../rules.js'
import { daysLater } from '../schedule/wall-clock.js'
import type { CampaignEvent, Scheduled } from './events.js'
import { evolveCampaign } from './evolve.js'
import type { Frozen, SealedFigures, StageTimes } from './facts.js'
import { WATCH_DAYS } from '../definition/definition.js'
import type { CampaignState, CampaignStatus, LaunchedCampaign, SealedCampaign } from './state.js'

export type CampaignCommand =
  | { readonly type: 'ScheduleCampaign'; readonly scheduled: Scheduled }
  | { readonly type: 'BeginPopulation'; readonly position: number }
  | { readonly type: 'FreezePopulation'; readonly frozen: Frozen }
  | { readonly type: 'BlockCampaign'; readonly why: string }
  | { readonly type: 'LaunchCampaign' }
  | { readonly type: 'OpenStage'; readonly stage: number }
  | { readonly type: 'PauseCampaign'; readonly why: string }
  /** `pausedAt`: when whoever resumes it thinks that it was paused; left out: nothing. */
  | { readonly type: 'ResumeCampaign'; readonly pausedAt?: Instant }
  | { readonly type: 'ExtendCampaign'; readonly days: number; readonly why: string }
  | { readonly type: 'SupplementCampaign'; readonly frozen: Frozen; readonly why: string }
  | { readonly type: 'NoteReminder'; readonly key: string; readonly reviewers: readonly Key[] }
  | { readonly type: 'NoteImpactSeen' }
  /** Undefined: by hand. Else: nothing is open any more, or time is up. */
  | { readonly type: 'CloseCampaign'; readonly open: number; readonly why: string }
  /** `unfinished`: items whose votes or silence have not been brought to what they come to yet; left out: none. */
  | { readonly type: 'SignOff'; readonly reason: string; readonly undecided: number; readonly unfinished?: number }
  | { readonly type: 'FinishRemediation'; readonly orders: number; readonly unapplied: number }
  | {
      readonly type: 'SealCampaign'
      readonly figures: SealedFigures
      readonly reportHash: string
      readonly unverified: number
    }
  | { readonly type: 'EndWatch'; readonly watchedTo: number; readonly contradicted: number }
  /** `carried`: items that the next iteration asks again. */
  | { readonly type: 'ReiterateCampaign'; readonly by: string; readonly carried: number }
  /** `names`: further ones under which who asks is known; left out: none. */
  | { readonly type: 'VoidCampaign'; readonly why: string; readonly names?: readonly string[] }

export type CampaignCode =
  | 'NO_CAMPAIGN' | 'WRONG_STATUS' | 'REASON_NEEDED' | 'TOO_EARLY' | 'SECOND_PERSON_NEEDED' | 'NOTHING_UNANSWERED' | 'STILL_OPEN' | 'BAD_INPUT' // prettier-ignore

type Answer = readonly CampaignEvent[] | Refusal<CampaignCode>
type Existing = Exclude<CampaignState, { readonly status: 'draft' }>

export const campaignRules: Rules<CampaignState, CampaignCommand, CampaignEvent, CampaignCode> = {
  initial: { status: 'draft' },
  evolve: evolveCampaign,
  decide(state, command, by) {
    if (command.type === 'ScheduleCampaign') return schedule(state, command.scheduled)
    if (state.status === 'draft') return refusal('NO_CAMPAIGN', 'there is no such campaign')
    return decideExisting(state, command, by)
  },
}
export const campaignDecider = asDecider(campaignRules)

export function campaignStream(id: string): string {
  return `campaign:${id}`
}

/** The same occurrence twice is the same campaign: the second time changes nothing. */
function schedule(state: CampaignState, scheduled: Scheduled): Answer {
  return state.status === 'draft' ? [{ type: 'CampaignScheduled', data: scheduled }] : []
}

function decideExisting(state: Existing, command: Exclude<CampaignCommand, { type: 'ScheduleCampaign' }>, by: Decided): Answer {
  switch (command.type) {
    case 'BeginPopulation':
      return within(state, ['scheduled', 'populating', 'blocked'], () => [{ type: 'CampaignPopulating', data: { position: command.position } }])
    case 'FreezePopulation':
      return freeze(state, command.frozen)
    case 'BlockCampaign':
      return within(state, ['populating'], () => [{ type: 'CampaignBlocked', data: { why: command.why } }])
    case 'LaunchCampaign':
      return launch(state, by)
    case 'OpenStage':
      return openStage(state, command.stage, by)
    case 'PauseCampaign':
      return reasoned(command.why, () => within(state, ['active'], () => [{ type: 'CampaignPaused', data: { why: command.why } }]))
    case 'ResumeCampaign':
      return resume(state, command, by)
    case 'ExtendCampaign':
      return extend(state, command.days, command.why)
    case 'SupplementCampaign':
      return within(state, ['active', 'paused'], () => [{ type: 'CampaignSupplemented', data: { frozen: command.frozen, why: command.why } }])
    case 'NoteReminder':
      return within(state, ['active'], ({ reminders }) => (reminders.includes(command.key) ? [] : [{ type: 'CampaignReminded', data: { key: command.key, reviewers: command.reviewers } }]))
    case 'NoteImpactSeen':
      return within(state, ['active'], () => [{ type: 'CampaignImpactSeen', data: { by: by.actor } }])
    case 'CloseCampaign':
      return close(state, command, by)
    case 'SignOff':
      return signOff(state, command, by)
    case 'FinishRemediation':
      return within(state, ['remediating'], () => command.unapplied > 0 ? refusal('STILL_OPEN', `${command.unapplied} remediations are not carried out yet`) : [{ type: 'CampaignRemediated', data: { orders: command.orders } }])
    case 'SealCampaign':
      return seal(state, command, by)
    case 'EndWatch':
      return endWatch(state, command, by)
    case 'ReiterateCampaign':
      return reiterate(state, command.by, command.carried)
    case 'VoidCampaign':
      return askToVoid(state, command, by)
  }
} // prettier-ignore

function freeze(state: Existing, frozen: Frozen): Answer {
  return within(state, ['populating'], () => [{ type: 'PopulationFrozen', data: { frozen } }])
}

/** Deadlines become instants here, by the zone's clock. */
function launch(state: Existing, { at }: Decided): Answer {
  return within(state, ['ready'], (ready) => {
    const { definition, frozen } = ready as Extract<CampaignState, { status: 'ready' }>
    const zone = definition.schedule?.zone ?? definition.zone
    const stages = definition.stages.map(({ name, fromDay, toDay }) => ({
      name, opensAt: daysLater(at, fromDay, zone), dueAt: daysLater(at, toDay, zone),
    })) // prettier-ignore
    const last = Math.max(...definition.stages.map(({ toDay }) => toDay))
    const graceUntil = daysLater(at, last + definition.graceDays, zone)
    return [
      { type: 'CampaignLaunched', data: { stages, graceUntil, caveats: frozen.certificate.caveats, launchedAt: at } },
    ]
  })
}

function openStage(state: Existing, stage: number, { at }: Decided): Answer {
  if (state.status !== 'active') return wrongStatus(state)
  if (stage <= state.stage) return []
  const next = state.stages[stage]
  if (next === undefined) return refusal('BAD_INPUT', `there is no stage ${stage}`)
  return at < next.opensAt ? refusal('TOO_EARLY', 'the stage has not begun') : [{ type: 'CampaignStageOpened', data: { stage } }]
} // prettier-ignore

function extend(state: Existing, days: number, why: string): Answer {
  if (!Number.isInteger(days) || days < 1 || days > 365) return refusal('BAD_INPUT', `${days} days: extend by 1 to 365`)
  return reasoned(why, () =>
    within(state, ['active'], (active) => [
      { type: 'CampaignExtended', data: { ...shifted(active, days * 86_400_000), why } },
    ]),
  )
}

/** Time stood still from when the pause was recorded, whatever anybody says. */
function resume(state: Existing, { pausedAt: said }: Extract<CampaignCommand, { type: 'ResumeCampaign' }>, { at }: Decided): Answer {
  return within(state, ['paused'], (paused) => {
    const { pausedAt } = paused as Extract<CampaignState, { status: 'paused' }>
    if (said !== undefined && said !== pausedAt) return refusal('BAD_INPUT', `it was paused at ${formatInstant(pausedAt)}: leave \`pausedAt\` out`)
    return [{ type: 'CampaignResumed', data: shifted(paused, Math.max(0, at - pausedAt)) }]
  })
} // prettier-ignore

/** Stages that are over keep their times. */
function shifted(state: Existing, byMs: number): { stages: readonly StageTimes[]; graceUntil: Instant } {
  const { stages, graceUntil, stage } = state as LaunchedCampaign & { stage: number }
  const moved = stages.map((one, index) => ({
    ...one,
    opensAt: index > stage ? one.opensAt + byMs : one.opensAt,
    dueAt: index >= stage ? one.dueAt + byMs : one.dueAt,
  }))
  return { stages: moved, graceUntil: graceUntil + byMs }
}

function close(state: Existing, { open, why }: { open: number; why: string }, { at }: Decided): Answer {
  return within(state, ['active'], (active) => {
    const { graceUntil } = active as LaunchedCampaign
    if (open > 0 && at < graceUntil) return refusal('TOO_EARLY', `${open} items are open, and decisions are taken until the grace ends`)
    return [{ type: 'CampaignClosing', data: { why } }]
  })
} // prettier-ignore

function signOff(state: Existing, { reason, undecided, unfinished = 0 }: Extract<CampaignCommand, { type: 'SignOff' }>, by: Decided): Answer {
  return within(state, ['closing'], () => {
    if (unfinished > 0)
      return refusal('STILL_OPEN', `the campaign has just closed, and ${unfinished} items are still being brought to what their votes come to: sign it off again in a minute; if that stays so, look whether the worker runs`)
    if (undecided > 0 && reason.trim() === '')
      return refusal('REASON_NEEDED', `${undecided} items were never decided: say why the campaign is signed off all the same`)
    return [{ type: 'CampaignSignedOff', data: { by: by.actor, reason } }]
  })
} // prettier-ignore

type Seal = Extract<CampaignCommand, { readonly type: 'SealCampaign' }>

function seal(state: Existing, { figures, reportHash, unverified }: Seal, { at }: Decided): Answer {
  return within(state, ['verifying'], () =>
    unverified > 0
      ? refusal('STILL_OPEN', `${unverified} remediations are not verified from the ledger yet`)
      : [{ type: 'CampaignSealed', data: { figures, reportHash, sealedAt: at, watchUntil: watchUntil(state, at) } }],
  )
}

/** Days of the zone's calendar; none of them: until the seal itself. */
function watchUntil({ definition }: Existing, sealedAt: Instant): Instant {
  return daysLater(sealedAt, definition.watchDays ?? WATCH_DAYS, definition.schedule?.zone ?? definition.zone)
}

function endWatch(state: Existing, { watchedTo, contradicted }: { watchedTo: number; contradicted: number }, { at }: Decided): Answer {
  if (!('sealedAt' in state)) return wrongStatus(state)
  if (state.watchedTo !== undefined) return []
  return at < watchEnd(state) ? refusal('TOO_EARLY', 'the campaign is still watched') : [{ type: 'CampaignWatchEnded', data: { watchedTo, contradicted } }]
} // prettier-ignore

/** Until when a sealed campaign is watched; those of earlier versions as if they had said nothing of it. */
export function watchEnd({ watchUntil: until, sealedAt, definition }: SealedCampaign): Instant {
  return until ?? daysLater(sealedAt, WATCH_DAYS, definition.zone)
}

function reiterate(state: Existing, by: string, carried: number): Answer {
  if (state.status === 'reiterated' && state.by === by) return []
  if (state.status !== 'sealed') return wrongStatus(state)
  return carried === 0
    ? refusal(
        'NOTHING_UNANSWERED',
        'every item was answered, and nothing contradicts the answers: there is nothing to ask again',
      )
    : [{ type: 'CampaignReiterated', data: { by } }]
}

const VOIDABLE: readonly CampaignStatus[] = ['scheduled', 'populating', 'blocked', 'ready', 'active', 'paused', 'closing', 'remediating', 'verifying'] // prettier-ignore

/** Two people and a reason; nothing is deleted. */
function askToVoid(state: Existing, { why, names = [] }: Extract<CampaignCommand, { type: 'VoidCampaign' }>, { actor }: Decided): Answer {
  return reasoned(why, () =>
    within(state, VOIDABLE, ({ voidAskedBy }) => {
      if (voidAskedBy === undefined) return [{ type: 'CampaignVoidAsked', data: { by: actor, why } }]
      if ([actor, ...names].includes(voidAskedBy)) return refusal('SECOND_PERSON_NEEDED', 'you asked for it yourself: a second person has to agree')
      return [{ type: 'CampaignVoided', data: { by: actor, askedBy: voidAskedBy, why } }]
    }),
  )
} // prettier-ignore

function within(state: Existing, statuses: readonly CampaignStatus[], answer: (state: Existing) => Answer): Answer {
  return statuses.includes(state.status) ? answer(state) : wrongStatus(state)
}

function wrongStatus({ status }: Existing): Refusal<CampaignCode> {
  return refusal('WRONG_STATUS', `the campaign is ${status}, where this cannot be done`)
}

function reasoned(why: string, answer: () => Answer): Answer {
  return why.trim() === '' ? refusal('REASON_NEEDED', 'say why') : answer()
}
