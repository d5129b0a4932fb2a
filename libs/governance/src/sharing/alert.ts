import { refusal, type Decided, type Decider, type Instant } from '@catena/domain'
import type { SharedThing, SharingEvent } from './party.js'

export type AlertData = SharedThing & {
  readonly credentials: string[]
  readonly name: string
  /** Longest silence that is still normal, ms. */
  readonly heartbeatMs: number
}

export type AlertEvent =
  | SharingEvent<'AlertDeclared', AlertData>
  /** A heartbeat, or a test alert that arrived. */
  | SharingEvent<'AlertHeard', { readonly test: boolean }>

export type AlertState = SharedThing & {
  readonly alert?: AlertData
  readonly lastHeardAt?: Instant
}

export type AlertCommand =
  { readonly do: 'DeclareAlert'; readonly alert: AlertData } | { readonly do: 'ReportAlert'; readonly test: boolean }

/** An anomaly alert that watches a credential: it counts while it is heard, not because it was declared (R5.11). */
export const alert: Decider<AlertState, AlertCommand, AlertEvent, 'NO_SUCH_ALERT' | 'NO_CREDENTIAL' | 'NO_HEARTBEAT'> =
  {
    initial: { credentials: [] },
    decide: (state, command) => {
      if (command.do === 'ReportAlert')
        return state.alert === undefined
          ? refusal('NO_SUCH_ALERT', 'no alert has this id: declare it first')
          : [{ type: 'AlertHeard', data: { test: command.test } }]
      if (command.alert.credentials.length === 0) return refusal('NO_CREDENTIAL', 'name what it watches')
      if (command.alert.heartbeatMs <= 0) return refusal('NO_HEARTBEAT', 'say how often it is heard')
      return [{ type: 'AlertDeclared', data: command.alert }]
    },
    evolve: (state, event, { at }: Decided) =>
      event.type === 'AlertDeclared'
        ? { ...state, credentials: event.data.credentials, alert: event.data }
        : { ...state, lastHeardAt: Math.max(at, state.lastHeardAt ?? at) },
  }
