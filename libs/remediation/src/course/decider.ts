import {
  nextTryAfter,
  refusal,
  TRIES_MAX,
  type Decided,
  type Decider,
  type DecisionEvent,
  type Instant,
  type Refusal,
} from '@catena/domain'
import { touchesOf, type Plan, type Step } from '../plan.js'
import type { CourseEvent } from './events.js'

/** Plain JSON, as its view keeps it. */
export interface Course {
  readonly status: 'none' | 'held' | 'going' | 'settled' | 'failed'
  readonly campaign: string
  readonly item: string
  readonly steps: readonly Step[]
  readonly endsTheRight: boolean
  readonly shortfalls: readonly string[]
  /** How each step was done, by its place. */
  readonly done: Readonly<Record<number, string>>
  /** Where it went, by receiver. */
  readonly handedTo: Readonly<Record<string, string>>
  readonly failures: number
  readonly lastFailure: string | undefined
  readonly nextTryAt: Instant
  readonly releasedBy: string | undefined
}

export type CourseCommand = { readonly order: string; readonly item: string; readonly campaign: string } & (
  | { readonly do: 'Plan'; readonly plan: Plan }
  | { readonly do: 'Release'; readonly reason: string }
  | { readonly do: 'NoteDone'; readonly step: number; readonly how: string }
  | { readonly do: 'NoteFailed'; readonly step: number; readonly why: string }
  | { readonly do: 'NoteHandedOver'; readonly to: string; readonly how: string; readonly why: string }
  | { readonly do: 'NoteHandOverFailed'; readonly to: string; readonly why: string }
  | { readonly do: 'Settle'; readonly how: string }
)

export type CourseRefusal = 'NOT_HELD' | 'NO_REASON' | 'NOT_PLANNED'
type Answer = readonly CourseEvent[] | Refusal<CourseRefusal>

const INITIAL: Course = {
  status: 'none', campaign: '', item: '', steps: [], endsTheRight: false, shortfalls: [], done: {}, handedTo: {},
  failures: 0, lastFailure: undefined, nextTryAt: 0, releasedBy: undefined,
} // prettier-ignore

function decide(state: Course, command: CourseCommand): Answer {
  const { order, item, campaign } = command
  const about = { order, item, campaign }
  if (command.do === 'Plan') return state.status === 'none' ? planned(command, about) : []
  if (state.status === 'none') return refusal('NOT_PLANNED', 'nothing is planned for this order yet')
  switch (command.do) {
    case 'Release':
      return release(state, command.reason, about)
    case 'NoteDone':
      return command.step in state.done ? [] : [{ type: 'RemediationStepDone', data: { ...about, step: command.step, how: command.how } }]
    case 'NoteFailed':
      return [{ type: 'RemediationStepFailed', data: { ...about, step: command.step, why: command.why } }]
    case 'NoteHandedOver':
      return Object.hasOwn(state.handedTo, command.to) ? [] : [{ type: 'RemediationHandedOver', data: { ...about, to: command.to, how: command.how, why: command.why } }]
    case 'NoteHandOverFailed':
      return [{ type: 'RemediationHandOverFailed', data: { ...about, to: command.to, why: command.why } }]
    case 'Settle':
      return state.status === 'settled' ? [] : [{ type: 'RemediationSettled', data: { ...about, how: command.how } }]
  }
} // prettier-ignore

type About = CourseEvent['data'] extends infer Data
  ? Pick<Data & CourseEvent['data'], 'order' | 'item' | 'campaign'>
  : never

function planned({ plan: { steps, endsTheRight, shortfalls } }: Extract<CourseCommand, { do: 'Plan' }>, about: About): CourseEvent[] {
  const touches = touchesOf(steps)
  const made: CourseEvent = { type: 'RemediationPlanned', data: { ...about, steps, endsTheRight, shortfalls } }
  return touches.length === 0 ? [made] : [made, { type: 'RemediationHeld', data: { ...about, touches } }]
} // prettier-ignore

function release(state: Course, reason: string, about: About): Answer {
  if (state.status !== 'held') return refusal('NOT_HELD', 'this order is not held')
  if (reason.trim() === '') return refusal('NO_REASON', 'say why it may go on: what else ends with it was looked at')
  return [{ type: 'RemediationReleased', data: { ...about, reason } }]
}

/** What every event says, is known though the first of them was erased. */
function evolve(state: Course, event: CourseEvent, by: Decided): Course {
  const { campaign, item } = event.data
  return evolveOwn({ ...state, campaign, item }, event, by)
}

function evolveOwn(state: Course, event: CourseEvent, { actor, at }: Decided): Course {
  switch (event.type) {
    case 'RemediationPlanned': {
      const { steps, endsTheRight, shortfalls } = event.data
      return { ...state, status: 'going', steps, endsTheRight, shortfalls, nextTryAt: at }
    }
    case 'RemediationHeld':
      return { ...state, status: 'held' }
    case 'RemediationReleased':
      return { ...state, status: 'going', releasedBy: actor, nextTryAt: at }
    case 'RemediationStepDone':
      return { ...state, done: { ...state.done, [event.data.step]: event.data.how } }
    case 'RemediationHandedOver':
      return { ...state, handedTo: { ...state.handedTo, [event.data.to]: event.data.how } }
    case 'RemediationSettled':
      return { ...state, status: 'settled' }
    case 'RemediationStepFailed':
    case 'RemediationHandOverFailed':
      return failed(state, event.data.why, at)
  }
}

function failed(state: Course, why: string, at: Instant): Course {
  const failures = state.failures + 1
  const status = failures >= TRIES_MAX ? 'failed' : state.status
  return { ...state, status, failures, lastFailure: why, nextTryAt: nextTryAfter(failures, at) }
}

/** Pure: neither clock nor system. Events' data are JSON by their types, which the compiler cannot see of interfaces. */
export const course = { initial: INITIAL, decide, evolve } as unknown as Decider<Course, CourseCommand, CourseEvent & DecisionEvent, CourseRefusal> // prettier-ignore

export function courseStream(order: string): string {
  return `remediation:${order}`
}
