import { refusal, type Decider, type Refusal } from '@catena/domain'
import type { Destination } from './destination.js'

/** All destinations of an installation are decided in one stream. */
export const DESTINATIONS_STREAM = 'export:destinations'

/** `active` sends; `paused` by a person; `disabled` by the worker, because the receiver or an address is not to be sent to. */
export type DestinationStatus = 'active' | 'paused' | 'disabled'

export interface DestinationState {
  readonly destination: Destination
  readonly status: DestinationStatus
  /** Of a disabled one. */
  readonly reason?: string
}

export type Destinations = ReadonlyMap<string, DestinationState>

export type DestinationCommand =
  | { readonly type: 'AddDestination'; readonly destination: Destination }
  | { readonly type: 'RemoveDestination' | 'PauseDestination' | 'ResumeDestination'; readonly id: string }
  | { readonly type: 'DisableDestination'; readonly id: string; readonly reason: string }
  | { readonly type: 'RequestReplay'; readonly id: string; readonly after: number }

type Named = { readonly destination: string }
export type DestinationEvent =
  | { readonly type: 'DestinationAdded'; readonly data: Named & { readonly declared: string } }
  | { readonly type: 'DestinationRemoved' | 'DestinationPaused' | 'DestinationResumed'; readonly data: Named }
  | { readonly type: 'DestinationDisabled'; readonly data: Named & { readonly reason: string } }
  | { readonly type: 'ReplayRequested'; readonly data: Named & { readonly after: number } }

export type DestinationRefusal = 'DESTINATION_EXISTS' | 'NO_SUCH_DESTINATION'

export const destinationsDecider: Decider<Destinations, DestinationCommand, DestinationEvent, DestinationRefusal> = {
  initial: new Map(),
  decide(state, command) {
    if (command.type === 'AddDestination') return add(state, command.destination)
    const known = state.get(command.id)
    if (known === undefined) return unknown(state, command.id)
    return decideKnown(known.status, command)
  },
  evolve(state, event) {
    const next = new Map(state)
    const { destination: id } = event.data
    const known = state.get(id)
    switch (event.type) {
      case 'DestinationAdded':
        return next.set(id, { destination: JSON.parse(event.data.declared) as Destination, status: 'active' })
      case 'DestinationRemoved':
        next.delete(id)
        return next
      case 'DestinationPaused':
        return known === undefined ? state : next.set(id, { destination: known.destination, status: 'paused' })
      case 'DestinationDisabled':
        return known === undefined ? state : next.set(id, { destination: known.destination, status: 'disabled', reason: event.data.reason }) // prettier-ignore
      case 'DestinationResumed':
        return known === undefined ? state : next.set(id, { destination: known.destination, status: 'active' })
      case 'ReplayRequested':
        return state
    }
  },
}

function add(state: Destinations, destination: Destination): readonly DestinationEvent[] | Refusal<DestinationRefusal> {
  if (state.has(destination.id)) {
    return refusal('DESTINATION_EXISTS', `there is a destination ${destination.id}: choose another name, or remove that one`)
  }
  return [{ type: 'DestinationAdded', data: { destination: destination.id, declared: JSON.stringify(destination) } }]
} // prettier-ignore

function unknown(state: Destinations, id: string): Refusal<DestinationRefusal> {
  const names = [...state.keys()]
  const hint = names.length === 0 ? 'there is none yet, add one' : `there are ${names.join(', ')}`
  return refusal('NO_SUCH_DESTINATION', `no destination is called ${id}: ${hint}`)
}

function decideKnown(
  status: DestinationStatus,
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
      return status === 'active' ? [{ type: 'DestinationDisabled', data: { ...data, reason: command.reason } }] : []
    case 'RequestReplay':
      return [{ type: 'ReplayRequested', data: { ...data, after: command.after } }]
  }
}
