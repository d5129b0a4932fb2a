import type { Decided, Instant } from '@catena/domain'
import type { Severity } from '../controls/control.js'
import type { FindingEvent } from '../verdicts/finding-decider.js'

/** One control failing on one credential, as it stands. */
export interface FindingEntry {
  /** Name of its stream. */
  readonly id: string
  readonly credential: string
  readonly control: string
  readonly status: 'open' | 'closed'
  readonly severity: Severity
  /** Why a failure is that severe. */
  readonly because: string
  /** What is wrong, or what closed it. */
  readonly reason: string
  readonly openedAt: Instant
  readonly closedAt?: Instant
  /** How often it was opened. */
  readonly episode: number
  /** Positions of the records that show it; none where the point is that nothing is recorded. */
  readonly witnesses: readonly number[]
  /** Who works on it, in the episode that is open or was last. */
  readonly assignedTo?: string
  /** Of all episodes, oldest first. */
  readonly comments: readonly FindingComment[]
}

export interface FindingComment {
  readonly text: string
  /** Id of the caller. */
  readonly by: string
  readonly at: Instant
}

export const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const satisfies readonly Severity[]

/** The entry after one more event; what comes before the first opening tells of nothing. */
export function entryAfter(
  before: FindingEntry | undefined,
  { type, data }: FindingEvent,
  { actor, at: decidedAt }: Decided,
): FindingEntry | undefined {
  if (type === 'FindingOpened') {
    const { finding: id, credential, control, severity, because, reason, episode, witnesses, at } = data
    const comments = before?.comments ?? []
    return {
      id,
      credential,
      control,
      status: 'open',
      severity,
      because,
      reason,
      openedAt: at,
      episode,
      witnesses,
      comments,
    }
  }
  if (before === undefined) return undefined
  switch (type) {
    case 'FindingUpdated': {
      const { severity = before.severity, because = before.because, reason, witnesses } = data
      return { ...before, severity, because, reason, witnesses }
    }
    case 'FindingClosed':
      return { ...before, status: 'closed', reason: data.reason, witnesses: data.witnesses, closedAt: data.at }
    case 'FindingAssigned':
      return { ...before, assignedTo: data.to }
    case 'FindingCommented':
      return { ...before, comments: [...before.comments, { text: data.text, by: actor, at: decidedAt }] }
  }
}

const TYPES: ReadonlySet<string> = new Set<FindingEvent['type']>([
  'FindingOpened',
  'FindingUpdated',
  'FindingClosed',
  'FindingAssigned',
  'FindingCommented',
])

export function isFindingEvent(event: { readonly type: string }): event is FindingEvent {
  return TYPES.has(event.type)
}
