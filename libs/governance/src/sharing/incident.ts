import { refusal, type Decided, type Decider, type Instant, type Key, type Refusal } from '@catena/domain'
import type { SharedThing, SharingEvent } from './party.js'

export type IncidentTokenData = SharedThing & {
  readonly credentials: string[]
  /** Of the incident, e.g. the number of its ticket. */
  readonly incident: string
  readonly responders: { readonly key: Key; readonly name: string }[]
}

export type IncidentEvent =
  SharingEvent<'IncidentTokenIssued', IncidentTokenData> | SharingEvent<'IncidentContained', { readonly words: string }>

export type IncidentState = SharedThing & {
  readonly token?: IncidentTokenData
  readonly issuedAt?: Instant
  readonly containedAt?: Instant
}

export type IncidentCommand =
  | { readonly do: 'IssueIncidentToken'; readonly token: IncidentTokenData }
  | { readonly do: 'ContainIncident'; readonly words: string }

export type IncidentRefusal = 'NO_SUCH_INCIDENT' | 'ALREADY_ISSUED' | 'NO_CREDENTIAL' | 'NO_RESPONDER'

/** A token for one incident: its responders, and invalid right after containment (R3.5). */
export const incident: Decider<IncidentState, IncidentCommand, IncidentEvent, IncidentRefusal> = {
  initial: { credentials: [] },
  decide: (state, command) => {
    if (command.do === 'ContainIncident') return contain(state, command.words)
    return issue(state, command.token)
  },
  evolve: (state, event, { at }: Decided) =>
    event.type === 'IncidentTokenIssued'
      ? { credentials: event.data.credentials, token: event.data, issuedAt: at }
      : { ...state, containedAt: at },
}

type Answer = readonly IncidentEvent[] | Refusal<IncidentRefusal>

function issue(state: IncidentState, token: IncidentTokenData): Answer {
  if (state.token !== undefined) return refusal('ALREADY_ISSUED', 'this id is taken: issue under a new one')
  if (token.credentials.length === 0) return refusal('NO_CREDENTIAL', 'name the credential that is the token')
  if (token.responders.length === 0) return refusal('NO_RESPONDER', 'name its responders: nobody else may use it')
  return [{ type: 'IncidentTokenIssued', data: token }]
}

function contain(state: IncidentState, words: string): Answer {
  if (state.token === undefined) return refusal('NO_SUCH_INCIDENT', 'no token was issued under this id')
  return state.containedAt === undefined ? [{ type: 'IncidentContained', data: { words } }] : []
}
