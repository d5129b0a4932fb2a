import { refusal, type Decider, type Refusal } from '@catena/domain'
import type { Destination } from './destination.js'

/** All destinations of an installation are decided in one stream. */
export const DESTINATIONS_STREAM = 'export:destinations'

/** `active` sends; `paused` by a person; `disabled` by the worker, because the receiver or an address is not to be sent to. */
export type DestinationStatus = 'active' | 'paused' | 'disabled'

/** Of those that had one name after another, which: whoever still sends to an earlier one is not to move what belongs to a later. */
export interface Addition {
  readonly id: string
  /** How many destinations of this name were added, with this one. */
  readonly added: number
  /** Nothing of the feed up to this sequence is meant for it. Undefined: added by an earlier version, which did not say. */
  readonly after: number | undefined
}

export interface DestinationState {
  readonly destination: Destination
  readonly status: DestinationStatus
  /** Of a disabled one. */
  readonly reason?: string
  readonly addition: Addition
}

interface RemovedDestination {
  readonly status: 'removed'
  readonly addition: Addition
}

/** By name. */
export type Destinations = ReadonlyMap<string, DestinationState | RemovedDestination>

/** The destination of this name, where there is one. */
export function standing(state: Destinations, id: string): DestinationState | undefined {
  const known = state.get(id)
  return known === undefined || known.status === 'removed' ? undefined : known
}

/** All that there are, in the order of their names. */
export function allStanding(state: Destinations): DestinationState[] {
  return [...state.keys()].sort().flatMap((id) => standing(state, id) ?? [])
}

export type DestinationCommand =
  | { readonly type: 'AddDestination'; readonly destination: Destination; readonly after: number }
  | { readonly type: 'RemoveDestination' | 'PauseDestination' | 'ResumeDestination'; readonly id: string }
  | { readonly type: 'DisableDestination'; readonly id: string; readonly added: number; readonly reason: string }
  | { readonly type: 'RequestReplay'; readonly id: string; readonly after: number }

type Named = { readonly destination: string }
export type DestinationEvent =
  | { readonly type: 'DestinationAdded'; readonly data: Named & { readonly declared: string; readonly after?: number } }
  | { readonly type: 'DestinationRemoved' | 'DestinationPaused' | 'DestinationResumed'; readonly data: Named }
  | { readonly type: 'DestinationDisabled'; readonly data: Named & { readonly reason: string } }
  | { readonly type: 'ReplayRequested'; readonly data: Named & { readonly after: number } }

export type DestinationRefusal = 'DESTINATION_EXISTS' | 'NO_SUCH_DESTINATION'

export const destinationsDecider: Decider<Destinations, DestinationCommand, DestinationEvent, DestinationRefusal> = {
  initial: new Map(),
  decide(state, command) {
    if (command.type === 'AddDestination') return add(state, command)
    const known = standing(state, command.id)
    if (known === undefined) return unknown(state, command.id)
    return decideKnown(known, command)
  },
  evolve(state, event) {
    const next = new Map(state)
    const { destination: id } = event.data
    if (event.type === 'DestinationAdded') {
      const { declared, after } = event.data
      const addition = { id, added: (state.get(id)?.addition.added ?? 0) + 1, after }
      return next.set(id, { destination: JSON.parse(declared) as Destination, status: 'active', addition })
    }
    const known = standing(state, id)
    if (known === undefined) return state
    const { destination, addition } = known
    switch (event.type) {
      case 'DestinationRemoved':
        return next.set(id, { status: 'removed', addition })
      case 'DestinationPaused':
        return next.set(id, { destination, status: 'paused', addition })
      case 'DestinationDisabled':
        return next.set(id, { destination, status: 'disabled', reason: event.data.reason, addition })
      case 'DestinationResumed':
        return next.set(id, { destination, status: 'active', addition })
      case 'ReplayRequested':
        return next.set(id, { ...known, addition: reachingBack(addition, event.data.after) })
    }
  },
}

/** What is asked for again is meant for it, whatever was left out when it was added. */
function reachingBack(addition: Addition, after: number): Addition {
  return addition.after === undefined ? addition : { ...addition, after: Math.min(addition.after, after) }
}

function add(
  state: Destinations,
  { destination, after }: Extract<DestinationCommand, { readonly type: 'AddDestination' }>,
): readonly DestinationEvent[] | Refusal<DestinationRefusal> {
  const { id } = destination
  if (standing(state, id) !== undefined)
    return refusal('DESTINATION_EXISTS', `there is a destination ${id}: choose another name, or remove that one`)
  return [{ type: 'DestinationAdded', data: { destination: id, declared: JSON.stringify(destination), after } }]
}

function unknown(state: Destinations, id: string): Refusal<DestinationRefusal> {
  const names = allStanding(state).map(({ destination }) => destination.id)
  const hint = names.length === 0 ? 'there is none yet, add one' : `there are ${names.join(', ')}`
  return refusal('NO_SUCH_DESTINATION', `no destination is called ${id}: ${hint}`)
}

function decideKnown(
  { status, addition }: DestinationState,
  command: Exclude<DestinationCommand, { readonly type: 'AddDestination' }>,
): readonly DestinationEvent[] {
  const data = { destination: command.id }
  switch (command.type) {
    case 'RemoveDestination':
      return [{ type: 'DestinationRemoved', data }]
    case 'PauseDestination':
      return status === 'paused' ? [] : [{ type: 'DestinationPaused', data }]
    case 'ResumeDestination':
      return status === 'active' ? [] : [{ type: 'DestinationResumed', data }]
    case 'DisableDestination':
      // Whoever asks for it may have had to do with one that was removed since.
      if (status !== 'active' || addition.added !== command.added) return []
      return [{ type: 'DestinationDisabled', data: { ...data, reason: command.reason } }]
    case 'RequestReplay':
      return [{ type: 'ReplayRequested', data: { ...data, after: command.after } }]
  }
}
