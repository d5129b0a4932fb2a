import { refusal, type Decider, type Instant, type Key, type Refusal } from '@catena/domain'
import { answeredFor, isOwn, windowFault, type Party, type SharedThing, type SharingEvent } from './party.js'

type By = { readonly by: Key; readonly byName: string }

export type ReleaseData = SharedThing & {
  readonly credentials: string[]
  readonly release: string
  readonly from: Instant
  readonly until: Instant
}

export type ReleaseEvent =
  | SharingEvent<'SigningReleaseRequested', ReleaseData & By & { readonly answeredForBy?: Key[] }>
  | SharingEvent<'SigningReleaseApproved', By & { readonly byBot: boolean }>
  /** Somebody else had approved first: it changes nothing, and stands on record. */
  | SharingEvent<'DecisionCameTooLate', By & { readonly decision: 'approve'; readonly reason?: string }>

export type ReleaseState = SharedThing & {
  readonly window?: ReleaseData & By & { readonly answeredForBy?: Key[] }
  readonly approvedBy?: Key
  readonly approvedByBot?: boolean
}

export type ReleaseCommand =
  | { readonly do: 'RequestRelease'; readonly party: Party; readonly release: ReleaseData }
  | { readonly do: 'ApproveRelease'; readonly party: Party }

export type ReleaseRefusal = 'NO_SUCH_RELEASE' | 'ALREADY_REQUESTED' | 'NO_CREDENTIAL' | 'WINDOW' | 'OWN_REQUEST'

type Answer = readonly ReleaseEvent[] | Refusal<ReleaseRefusal>

/** Temporary access to a signing key for one release; the key is rotated after the window closes (R3.8). */
export const signingRelease: Decider<ReleaseState, ReleaseCommand, ReleaseEvent, ReleaseRefusal> = {
  initial: { credentials: [] },
  decide: (state, command, { at }) =>
    command.do === 'RequestRelease'
      ? request(state, command.party, command.release, at)
      : approve(state, command.party),
  evolve: (state, event) => {
    switch (event.type) {
      case 'SigningReleaseRequested':
        return { credentials: event.data.credentials, window: event.data }
      case 'SigningReleaseApproved':
        return { ...state, approvedBy: event.data.by, approvedByBot: event.data.byBot }
      case 'DecisionCameTooLate':
        return state
    }
  },
}

function request({ window }: ReleaseState, party: Party, release: ReleaseData, now: Instant): Answer {
  if (window !== undefined) return refusal('ALREADY_REQUESTED', 'this id is taken: ask under a new one')
  if (release.credentials.length === 0) return refusal('NO_CREDENTIAL', 'name the signing key')
  const fault = windowFault(release.from, release.until, now)
  if (fault !== undefined) return refusal('WINDOW', fault)
  return [
    { type: 'SigningReleaseRequested', data: { ...release, by: party.key, byName: party.name, ...answeredFor(party) } },
  ]
}

function approve({ window, approvedBy }: ReleaseState, party: Party): Answer {
  if (window === undefined) return refusal('NO_SUCH_RELEASE', 'nobody asked under this id')
  if (isOwn(party, [window.by, ...(window.answeredForBy ?? [])]))
    return refusal('OWN_REQUEST', 'who asked for the key cannot approve it')
  if (approvedBy !== undefined)
    return [{ type: 'DecisionCameTooLate', data: { by: party.key, byName: party.name, decision: 'approve' } }]
  return [{ type: 'SigningReleaseApproved', data: { by: party.key, byName: party.name, byBot: party.isMachine } }]
}
