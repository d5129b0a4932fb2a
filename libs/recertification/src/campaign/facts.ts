import type { Instant } from '@catena/domain'
import type { CompletenessCertificate } from '../population/certificate.js'

/** One stage of a running campaign; times are fixed at launch. */
export interface StageTimes {
  readonly name: string
  readonly opensAt: Instant
  readonly dueAt: Instant
}

/** The population as it was frozen. The same text, hash and position give the same hash again. */
export interface Frozen {
  readonly population: string
  readonly position: number
  readonly at: Instant
  readonly scope: string
  readonly scopeHash: string
  readonly summaryVersion: string
  readonly items: number
  readonly hash: string
  readonly blocked: number
  readonly uncertain: number
  readonly certificate: CompletenessCertificate
}

export interface Figures {
  readonly items: number
  readonly certified: number
  readonly revoked: number
  readonly modified: number
  readonly excepted: number
  readonly moot: number
  readonly superseded: number
  readonly expired: number
}
