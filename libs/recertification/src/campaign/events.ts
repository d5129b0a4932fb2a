import type { Instant, Key } from '@catena/domain'
import type { Definition, Trigger } from '../definition/definition.js'
import type { Frozen, SealedFigures, StageTimes } from './facts.js'

interface Event<Type extends string, Data> {
  readonly type: Type
  readonly data: Data
}

/** What a micro-certification asks about: the accesses that something happened to. */
export interface OnlyAccesses {
  readonly triggers: readonly Trigger[]
  readonly accesses: readonly { readonly credential: string; readonly subject: string }[]
}

export interface Scheduled {
  readonly id: string
  readonly definition: Definition
  readonly definitionId: string
  readonly definitionVersion: number
  readonly cause: string
  readonly scheduledFor: Instant
  readonly iterationOf?: string
  readonly only?: OnlyAccesses
}

export type CampaignEvent =
  | Event<'CampaignScheduled', Scheduled>
  | Event<'CampaignPopulating', { position: number }>
  | Event<'PopulationFrozen', { frozen: Frozen }>
  | Event<'CampaignBlocked', { why: string }>
  | Event<
      'CampaignLaunched',
      { stages: readonly StageTimes[]; graceUntil: Instant; caveats: readonly string[]; launchedAt: Instant }
    >
  | Event<'CampaignStageOpened', { stage: number }>
  | Event<'CampaignPaused', { why: string }>
  | Event<'CampaignResumed', { stages: readonly StageTimes[]; graceUntil: Instant }>
  | Event<'CampaignExtended', { stages: readonly StageTimes[]; graceUntil: Instant; why: string }>
  | Event<'CampaignSupplemented', { frozen: Frozen; why: string }>
  | Event<'CampaignReminded', { key: string; reviewers: readonly Key[] }>
  | Event<'CampaignImpactSeen', { by: string }>
  | Event<'CampaignClosing', { why: string }>
  | Event<'CampaignSignedOff', { by: string; reason: string }>
  | Event<'CampaignRemediated', { orders: number }>
  | Event<'CampaignSealed', { figures: SealedFigures; reportHash: string; sealedAt: Instant; watchUntil?: Instant }>
  /** Nothing is compared with what was decided any more. `contradicted`: items of which something was said since the seal. */
  | Event<'CampaignWatchEnded', { watchedTo: number; contradicted: number }>
  | Event<'CampaignReiterated', { by: string }>
  | Event<'CampaignVoidAsked', { by: string; why: string }>
  | Event<'CampaignVoided', { by: string; askedBy: string; why: string }>
export type CampaignEventType = CampaignEvent['type']
