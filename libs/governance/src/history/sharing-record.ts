import type { Instant, Key } from '@catena/domain'
import type { AccessReview } from './access-review.js'

/**
 * What was decided or observed about the sharing of one credential, as known at a cut: what controls need of the sharing workflow. The slice that
 * decides fills it in; every entry names the positions it rests on.
 */
export interface SharingRecord {
  readonly grants: readonly SharingGrant[]
  readonly breakGlass: readonly BreakGlass[]
  readonly incidents: readonly IncidentToken[]
  readonly migrations: readonly MigrationWindow[]
  readonly exceptions: readonly SharingException[]
  readonly releases: readonly SigningRelease[]
  readonly jobs: readonly JobToken[]
  readonly exposures: readonly Exposure[]
  readonly workflows: readonly SharingWorkflow[]
  /** Anomaly alerts that watch it, by their heartbeat or test alert (R5.11). */
  readonly alerts: readonly Heartbeat[]
  /** What recertification campaigns said of those who have it: one entry per access that a campaign asked about. */
  readonly reviews: readonly AccessReview[]
}

export const NO_SHARING: SharingRecord = {
  grants: [],
  breakGlass: [],
  incidents: [],
  migrations: [],
  exceptions: [],
  releases: [],
  jobs: [],
  exposures: [],
  workflows: [],
  alerts: [],
  reviews: [],
}

interface Recorded {
  readonly id: string
  readonly positions: readonly number[]
}

/** What must be heard of again and again to count. */
export interface Heartbeat extends Recorded {
  readonly name: string
  /** Longest silence that is still normal, ms. */
  readonly heartbeatMs: number
  readonly lastHeardAt?: Instant
}

export interface SharingGrant extends Recorded {
  /** Person, workload or group; a group is a role whose members are resolved at any time. */
  readonly to: Key
  readonly toRole: boolean
  readonly requestedBy: Key
  readonly approvedBy?: Key
  /** No person agreed, a program did. */
  readonly approvedByBot: boolean
  readonly from: Instant
  /** Absent: no end was set. */
  readonly until?: Instant
  readonly endedAt?: Instant
  readonly scope?: string
}

export interface BreakGlass extends Recorded {
  readonly activatedAt: Instant
  readonly by: Key
  /** When who may, when and how it is reviewed was recorded. */
  readonly plannedAt?: Instant
  readonly closeDueAt: Instant
  readonly reviewDueAt: Instant
  readonly closedAt?: Instant
  readonly rotatedAt?: Instant
  /** Before that something was changed of which records do not tell whether it was the credential as it is in use. */
  readonly perhapsRotatedAt?: Instant
  readonly reviewedAt?: Instant
}

export interface IncidentToken extends Recorded {
  readonly responders: readonly Key[]
  readonly issuedAt: Instant
  readonly containedAt?: Instant
}

export interface MigrationWindow extends Recorded {
  readonly until: Instant
  readonly cutoverAt?: Instant
}

export interface SharingException extends Recorded {
  readonly kind: 'no-granular-roles' | 'vendor-portal' | 'legacy-batch' | 'accepted-risk'
  /** Ids of the controls that it excuses. */
  readonly controls: readonly string[]
  readonly from: Instant
  readonly until: Instant
  readonly blastRadius?: string
  readonly compensations: readonly Heartbeat[]
}

export interface SigningRelease extends Recorded {
  readonly approvedBy?: Key
  readonly from: Instant
  readonly until: Instant
}

export interface JobToken extends Recorded {
  readonly job: string
  readonly disabledAt?: Instant
}

export interface Exposure extends Recorded {
  readonly at: Instant
  readonly how: 'leak' | 'scanner' | 'misuse' | 'insecure-sharing'
  readonly words: string
}

export interface SharingWorkflow extends Recorded {
  readonly name: string
  readonly owner?: Key
  readonly sharedWith?: string
  readonly approver?: Key
  readonly windowMs?: number
  readonly loggingDestination?: string
  readonly replacementPath?: string
  readonly escalation?: string
  readonly aiEnabled: boolean
  /** Of an AI-enabled workflow: does a person confirm what crosses a trust boundary? */
  readonly confirmed?: boolean
}

/** A text that is not blank, or a length of time that is one. What was declared before that was asked may say nothing. */
export function saysSomething(part: string | number | undefined): boolean {
  return typeof part === 'string' ? part.trim() !== '' : part !== undefined && part > 0
}
