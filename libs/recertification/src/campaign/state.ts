import type { Instant } from '@catena/domain'
import type { Definition } from '../definition/definition.js'
import type { CampaignEventType, OnlyAccesses } from './events.js'
import type { Frozen, SealedFigures, StageTimes } from './facts.js'

/** What every status has. */
interface Campaign {
  readonly id: string
  readonly definition: Definition
  readonly definitionId: string
  readonly definitionVersion: number
  /** The occurrence of the schedule, or what triggered it. */
  readonly cause: string
  readonly scheduledFor: Instant
  /** The campaign whose unanswered items it takes up. */
  readonly iterationOf: string | undefined
  /** Of a micro-certification: the accesses that it asks about. */
  readonly only?: OnlyAccesses
  readonly supplements: readonly Frozen[]
  readonly reminders: readonly string[]
  readonly voidAskedBy: string | undefined
  readonly impactSeenBy: string | undefined
}
interface Populated {
  readonly frozen: Frozen
}
interface Launched extends Populated {
  readonly stages: readonly StageTimes[]
  readonly graceUntil: Instant
  readonly launchedAt: Instant
  readonly caveats: readonly string[]
}

interface Sealed {
  readonly sealedAt: Instant
  /** Until when what becomes known is compared with what was decided. Absent: sealed by an earlier version. */
  readonly watchUntil?: Instant
  /** Cut up to which it was. Absent: it still is. */
  readonly watchedTo?: number
}

export type CampaignState =
  | { readonly status: 'draft' }
  | (Campaign &
      (
        | { readonly status: 'scheduled' }
        | { readonly status: 'populating' }
        | { readonly status: 'blocked'; readonly why: string }
        | ({ readonly status: 'ready' } & Populated)
        | ({ readonly status: 'vacuous' } & Populated)
        | ({ readonly status: 'active'; readonly stage: number } & Launched)
        | ({ readonly status: 'paused'; readonly stage: number; readonly why: string; readonly pausedAt: Instant } & Launched)
        | ({ readonly status: 'closing' } & Launched)
        | ({ readonly status: 'remediating'; readonly signedOffBy: string } & Launched)
        | ({ readonly status: 'verifying'; readonly signedOffBy: string } & Launched)
        | ({ readonly status: 'sealed'; readonly signedOffBy: string; readonly figures: SealedFigures } & Sealed & Launched)
        | ({ readonly status: 'reiterated'; readonly by: string; readonly figures: SealedFigures; readonly signedOffBy: string } & Sealed & Launched)
        | { readonly status: 'voided'; readonly why: string }
      )) // prettier-ignore
export type CampaignStatus = CampaignState['status']
export type LaunchedCampaign = Extract<CampaignState, { readonly graceUntil: Instant }>

export type SealedCampaign = Extract<CampaignState, { readonly sealedAt: Instant }>

export function isLaunched(state: CampaignState): state is LaunchedCampaign {
  return 'graceUntil' in state
}

/** As its definition calls it. */
export function campaignName(state: CampaignState): string | undefined {
  return state.status === 'draft' ? undefined : state.definition.name
}

/** Until when a stage is asked; what comes later is late. Undefined: the campaign was not launched. */
export function dueAtOf(state: CampaignState, stage: number): Instant | undefined {
  return isLaunched(state) ? state.stages[stage]?.dueAt : undefined
}

/** Nothing follows but an audit. */
export const TERMINAL: ReadonlySet<CampaignStatus> = new Set(['vacuous', 'voided', 'reiterated'])

const VOIDING = ['CampaignVoidAsked', 'CampaignVoided'] as const
/** Which events may follow in which status: the whole machine. */
export const CAMPAIGN_TABLE: Readonly<Record<CampaignStatus, readonly CampaignEventType[]>> = {
  draft: ['CampaignScheduled'],
  scheduled: ['CampaignPopulating', ...VOIDING],
  populating: ['PopulationFrozen', 'CampaignBlocked', 'CampaignPopulating', ...VOIDING],
  blocked: ['CampaignPopulating', ...VOIDING],
  ready: ['CampaignLaunched', ...VOIDING],
  vacuous: [],
  active: ['CampaignStageOpened', 'CampaignPaused', 'CampaignExtended', 'CampaignSupplemented', 'CampaignReminded', 'CampaignImpactSeen', 'CampaignClosing', ...VOIDING],
  paused: ['CampaignResumed', 'CampaignSupplemented', ...VOIDING],
  closing: ['CampaignSignedOff', ...VOIDING],
  remediating: ['CampaignRemediated', ...VOIDING],
  verifying: ['CampaignSealed', ...VOIDING],
  sealed: ['CampaignReiterated', 'CampaignWatchEnded'],
  reiterated: ['CampaignWatchEnded'],
  voided: [],
} // prettier-ignore
