import type { Key } from '@catena/domain'
import type { Schedule } from '../schedule/occurrences.js'

/** Who reviews. The rules of a stage are tried in order: a later one is the fallback of those before. */
export type ReviewerRule =
  | { readonly kind: 'owner' | 'owners-manager' | 'accessors-manager' | 'sponsor' }
  | { readonly kind: 'people'; readonly people: readonly Key[] }
  | { readonly kind: 'group'; readonly group: Key }

export interface Stage {
  readonly name: string
  /** Days after the launch: the stage takes part from the first to the last, and ends with it. */
  readonly fromDay: number
  readonly toDay: number
  readonly reviewers: readonly ReviewerRule[]
  /** Votes that an outcome needs; abstentions do not count. */
  readonly quorum: number
}

export const ESCALATIONS = ['remind', 'add-reviewer', 'replace', 'default-outcome'] as const
export type EscalationAction = (typeof ESCALATIONS)[number]

/** One step of the ladder for what is overdue. */
export interface EscalationStep {
  /** Days after the end of the stage. */
  readonly afterDays: number
  readonly action: EscalationAction
  /** Whom `add-reviewer` adds and `replace` puts in. */
  readonly to?: readonly ReviewerRule[]
}

/** What silence ends with. `revoke` happens only after somebody looked at the impact; there is no `certify`. */
export type SilenceRule = 'expire' | 'revoke'
export type RemediationMode = 'automatic' | 'hand-over' | 'report-only'
/** What the scheduler does about occurrences that passed while it did not run: all of them are on record either way. */
export type CatchUp = 'all' | 'latest' | 'none'

export const TRIGGERS = [
  'owner left', 'new consumer', 'wider privilege', 'human used a workload credential', 'copied to another environment', 'rotation overdue',
  'break-glass used', 'accessor left', 'role changed', 'control failed', 'decision contradicted',
] as const // prettier-ignore
export type Trigger = (typeof TRIGGERS)[number]

/** What a campaign is to be. Kept as it was given; a change makes a new version. */
export interface Definition {
  readonly name: string
  /** A filter over accesses (scope.ts), kept as text. */
  readonly scope: string
  /** Absent: started by hand or by triggers. */
  readonly schedule?: Schedule
  /** Zone of deadlines where no schedule names one. */
  readonly zone: string
  readonly stages: readonly Stage[]
  readonly triggers: readonly Trigger[]
  /** Items that triggers may give one reviewer within seven days; what is more waits. Absent: REVIEWS_PER_WEEK_MAX. */
  readonly reviewsPerWeekMax?: number
  readonly catchUp: CatchUp
  /** Days before the end of a stage on which who has not finished is reminded; negative: after it. */
  readonly remindDaysBefore: readonly number[]
  readonly escalation: readonly EscalationStep[]
  /** Days after the last stage in which a decision is accepted and marked late. */
  readonly graceDays: number
  readonly silence: SilenceRule
  readonly remediation: RemediationMode
  /** Days without a success after which a revoke is verified. */
  readonly silenceWindowDays: number
  /** Days until a remediation is due. */
  readonly remediationDays: number
  readonly bulkMax: number
  /** Above it each item of a bulk decision needs its own reason. 0 to 100. */
  readonly reasonAboveRisk: number
  /** Days after which evidence counts as stale for a bulk decision. */
  readonly evidenceDaysMax: number
  /** Sources that may be late or have gaps before a launch is blocked, in percent of all; 0: none. */
  readonly incompletePercentMax: number
  /** True: a launch below the threshold goes on, with the caveat written into the campaign. */
  readonly launchIncomplete: boolean
  /** Days after the seal in which what becomes known is still compared with what was decided; 0: none. Absent: WATCH_DAYS. */
  readonly watchDays?: number
}

/** A quarter: by then most campaigns ask again. */
export const WATCH_DAYS = 92
/** Two years. */
export const WATCH_DAYS_MAX = 732

/** So many a working day, five days. */
export const REVIEWS_PER_WEEK_MAX = 25

export const DEFINITION_DEFAULTS = {
  zone: 'UTC',
  triggers: [],
  catchUp: 'latest',
  remindDaysBefore: [7, 1, -1, -3],
  escalation: [
    { afterDays: 1, action: 'remind' },
    { afterDays: 3, action: 'add-reviewer', to: [{ kind: 'owners-manager' }] },
    { afterDays: 7, action: 'default-outcome' },
  ],
  graceDays: 7,
  silence: 'expire',
  remediation: 'hand-over',
  silenceWindowDays: 7,
  remediationDays: 14,
  bulkMax: 100,
  reasonAboveRisk: 60,
  evidenceDaysMax: 45,
  incompletePercentMax: 0,
  launchIncomplete: false,
} as const satisfies Partial<Definition>
