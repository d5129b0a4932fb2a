import { refusal, type Decider, type Instant, type Refusal } from '@catena/domain'
import type { Severity, Verdict } from '../controls/control.js'

/** Events of the stream of one finding: one control failing on one credential, however often. */
type OfFinding = { readonly finding: string; readonly credential: string; readonly control: string }
type Seen = OfFinding & {
  readonly reason: string
  readonly witnesses: number[]
  readonly position: number
  readonly at: Instant
}

export type FindingEvent =
  | {
      readonly type: 'FindingOpened'
      readonly data: Seen & { readonly severity: Severity; readonly because: string; readonly episode: number }
    }
  /** Severity and why: only where it became another. */
  | {
      readonly type: 'FindingUpdated'
      readonly data: Seen & { readonly severity?: Severity; readonly because?: string }
    }
  | { readonly type: 'FindingClosed'; readonly data: Seen & { readonly verdict?: Verdict } }
  | { readonly type: 'FindingAssigned'; readonly data: OfFinding & { readonly to: string } }
  | { readonly type: 'FindingCommented'; readonly data: OfFinding & { readonly text: string } }

export type FindingCommand = OfFinding &
  (
    | {
        readonly do: 'FollowVerdict'
        readonly verdict: Verdict | undefined
        readonly severity: Severity
        readonly because: string
        readonly reason: string
        readonly witnesses: readonly number[]
        readonly position: number
        readonly at: Instant
      }
    | { readonly do: 'AssignFinding'; readonly to: string }
    | { readonly do: 'CommentFinding'; readonly text: string }
  )

type Followed = Extract<FindingCommand, { do: 'FollowVerdict' }>

export interface FindingState {
  readonly status: 'none' | 'open' | 'closed'
  /** How often it was opened. */
  readonly episode: number
  readonly reason: string
  /** Of the episode that is open or was last. */
  readonly severity?: Severity
  readonly assignedTo?: string
  readonly comments: readonly string[]
}

export type FindingRefusal = 'NOT_OPEN' | 'NO_TEXT'

export function findingStream(credential: string, control: string): string {
  return `finding:${credential}:${control}`
}

/** Opened and closed by the facts, never by hand alone: only `uncontrolled` opens, and `unknown` closes nothing. */
export const finding: Decider<FindingState, FindingCommand, FindingEvent, FindingRefusal> = {
  initial: { status: 'none', episode: 0, reason: '', comments: [] },
  decide: (state, command) => {
    const { finding: id, credential, control } = command
    const own = { finding: id, credential, control }
    switch (command.do) {
      case 'FollowVerdict':
        return follow(state, own, command)
      case 'AssignFinding':
        if (state.status !== 'open') return notOpen(state)
        return state.assignedTo === command.to ? [] : [{ type: 'FindingAssigned', data: { ...own, to: command.to } }]
      case 'CommentFinding':
        if (state.status === 'none') return notOpen(state)
        if (command.text.trim() === '') return refusal('NO_TEXT', 'write a comment')
        return [{ type: 'FindingCommented', data: { ...own, text: command.text } }]
    }
  },
  evolve: (state, { type, data }) => {
    switch (type) {
      case 'FindingOpened':
        return {
          status: 'open',
          episode: data.episode,
          reason: data.reason,
          severity: data.severity,
          comments: state.comments,
        }
      case 'FindingUpdated':
        return { ...state, reason: data.reason, ...(data.severity === undefined ? {} : { severity: data.severity }) }
      case 'FindingClosed':
        return { ...state, status: 'closed', reason: data.reason }
      case 'FindingAssigned':
        return { ...state, assignedTo: data.to }
      case 'FindingCommented':
        return { ...state, comments: [...state.comments, data.text] }
    }
  },
}

function follow(
  state: FindingState,
  own: OfFinding,
  command: Followed,
): readonly FindingEvent[] {
  const { verdict, reason, severity, because } = command
  if (verdict === 'uncontrolled') {
    if (state.status !== 'open')
      return [{ type: 'FindingOpened', data: { ...seenBy(own, command), severity, because, episode: state.episode + 1 } }]
    if (state.severity !== severity) return [{ type: 'FindingUpdated', data: { ...seenBy(own, command), severity, because } }]
    return sameSaid(state.reason, reason) ? [] : [{ type: 'FindingUpdated', data: seenBy(own, command) }]
  }
  if (state.status !== 'open' || verdict === 'unknown') return []
  return [{ type: 'FindingClosed', data: { ...seenBy(own, command), ...(verdict === undefined ? {} : { verdict }) } }]
} // prettier-ignore

/** Made for what is recorded alone: of most verdicts no finding tells. */
function seenBy(own: OfFinding, { reason, witnesses, position, at }: Followed): Seen {
  return { ...own, reason, witnesses: [...witnesses], position, at }
}

function notOpen({ status }: FindingState): Refusal<'NOT_OPEN'> {
  return refusal(
    'NOT_OPEN',
    status === 'none' ? 'there is no such finding' : 'the finding is closed: it opens again when the facts say so',
  )
}

/** Ages grow every day; that alone is no news. */
function sameSaid(a: string, b: string): boolean {
  return a.replace(/\d+/g, '#') === b.replace(/\d+/g, '#')
}
