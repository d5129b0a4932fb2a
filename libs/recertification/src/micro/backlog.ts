import { refusal } from '@catena/domain'
import type { Trigger } from '../definition/definition.js'
import { asDecider, type Rules } from '../rules.js'
import type { Found } from './triggered.js'

/** Accesses to one credential that wait to be asked about. */
export interface Waiting {
  /** Absent: all accesses to it. */
  readonly subjects?: readonly string[]
  readonly triggers: readonly Trigger[]
}

/** Of one definition: what triggers found and no micro-certification has asked about yet. Nothing leaves it but by an event that says how. */
export interface Backlog {
  /** Position up to which triggers were looked for. */
  readonly seenUntil: number
  readonly waiting: Readonly<Record<string, Waiting>>
  /** How many accesses were put off when that was noted last. */
  readonly deferred: number
  /** Nothing came since then. */
  readonly isPutOff: boolean
}

export type BacklogCommand =
  | {
      readonly type: 'NoteTriggers'
      readonly definition: string
      /** Position after which it was looked for. */
      readonly after: number
      readonly until: number
      readonly found: readonly Found[]
    }
  | { readonly type: 'NoteHandled'; readonly definition: string; readonly handled: Answered }
/** What became of what waited: asked by a campaign, asked already, not in the scope, or put off. */
export interface Answered {
  readonly campaign?: string
  readonly asked: number
  readonly askedAlready: number
  readonly outOfScope: number
  readonly deferred: number
  /** What goes on waiting of each credential that was handled; none of it: empty. */
  readonly left: Readonly<Record<string, readonly string[]>>
}
export type BacklogEvent =
  | { readonly type: 'MicroCertificationsTriggered'; readonly data: { readonly definition: string; readonly until: number; readonly found: readonly Found[] } }
  | { readonly type: 'MicroCertificationsHandled'; readonly data: Answered & { readonly definition: string } } // prettier-ignore

export type BacklogCode = 'NOTED_MEANWHILE'

const rules: Rules<Backlog, BacklogCommand, BacklogEvent, BacklogCode> = {
  initial: { seenUntil: 0, waiting: {}, deferred: 0, isPutOff: false },
  decide(state, command) {
    const { definition } = command
    if (command.type === 'NoteTriggers') {
      const { after, until, found } = command
      // Some of it would be told twice.
      if (after < state.seenUntil) return refusal('NOTED_MEANWHILE', 'somebody else looked for triggers meanwhile')
      if (until <= state.seenUntil || found.length === 0) return []
      return [{ type: 'MicroCertificationsTriggered', data: { definition, until, found } }]
    }
    const { handled } = command
    const moved = Object.keys(handled.left).some((credential) => !isSame(state.waiting[credential], handled.left[credential]))
    return moved || handled.deferred !== state.deferred ? [{ type: 'MicroCertificationsHandled', data: { definition, ...handled } }] : []
  },
  evolve(state, { type, data }) {
    if (type === 'MicroCertificationsTriggered') return { ...state, isPutOff: false, seenUntil: data.until, waiting: data.found.reduce(withFound, state.waiting) }
    return { ...state, deferred: data.deferred, isPutOff: data.deferred > 0, waiting: Object.entries(data.left).reduce(withLeft, state.waiting) }
  },
} // prettier-ignore
export const backlog = asDecider(rules)

export function backlogStream(definition: string): string {
  return `micro-certification:${definition}`
}

/** The same credential waits once, with all that happened to it. */
function withFound(waiting: Backlog['waiting'], { trigger, credential, subject }: Found): Backlog['waiting'] {
  const known = waiting[credential]
  const triggers = [...new Set([...(known?.triggers ?? []), trigger])]
  const isAll = subject === undefined || (known !== undefined && known.subjects === undefined)
  const subjects = isAll ? {} : { subjects: [...new Set([...(known?.subjects ?? []), subject])] }
  return { ...waiting, [credential]: { triggers, ...subjects } }
}

function withLeft(waiting: Backlog['waiting'], [credential, subjects]: readonly [string, readonly string[]]): Backlog['waiting'] {
  const known = waiting[credential]
  if (subjects.length === 0 || known === undefined) return Object.fromEntries(Object.entries(waiting).filter(([id]) => id !== credential))
  return { ...waiting, [credential]: { ...known, subjects } }
} // prettier-ignore

function isSame(waiting: Waiting | undefined, left: readonly string[] | undefined): boolean {
  return waiting?.subjects !== undefined && waiting.subjects.length === left?.length
}
