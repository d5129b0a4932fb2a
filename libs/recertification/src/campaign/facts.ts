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
  /** Of owners, reviewers, risks and classes (AssignedHash). Absent: frozen by an earlier version. */
  readonly assigned?: string
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

/** What one campaign came to, in numbers. Shares are left to the reader: counts add up over campaigns. */
export interface ReportFigures extends Figures {
  /** Still open: only of a campaign that goes on. */
  readonly open: number
  readonly votes: number
  readonly late: number
  readonly afterLeaving: number
  /** Votes of somebody who is a party to the access, by the keys on record, also where that became known after the vote. Anything but 0 has to be looked at. */
  readonly selfReviews: number
  readonly conflictsRefused: number
  readonly conflictsFound: number
  readonly neverAssigned: number
  readonly impeached: number
  readonly orders: number
  readonly verified: number
  /** From the order to its proof in the ledger, ms; undefined: nothing is verified. */
  readonly medianToVerifiedMs: number | undefined
  readonly regressions: number
}

/** What a campaign came to when it was sealed. Those sealed by earlier versions have the outcomes alone. */
export type SealedFigures = Figures & Partial<ReportFigures>
