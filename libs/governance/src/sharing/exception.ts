import { refusal, type Decided, type Decider, type Instant, type Key, type Refusal } from '@catena/domain'
import { nearestControls, unknownControls } from '../controls/nearest-ids.js'
import { answeredFor, isOwn, windowFault, type Party, type SharedThing, type SharingEvent } from './party.js'

export const EXCEPTION_KINDS = ['no-granular-roles', 'vendor-portal', 'legacy-batch', 'accepted-risk'] as const
export type ExceptionKind = (typeof EXCEPTION_KINDS)[number]

export type ExceptionTerms = SharedThing & {
  readonly credentials: string[]
  readonly kind: ExceptionKind
  /** Ids of the controls that it excuses. */
  readonly controls: string[]
  readonly reason: string
  readonly blastRadius: string
  readonly from: Instant
  readonly until: Instant
  readonly compensations: { readonly name: string; readonly heartbeatMs: number }[]
}

type By = { readonly by: Key; readonly byName: string }

export type ExceptionEvent =
  | SharingEvent<'ExceptionRequested', ExceptionTerms & By & { readonly answeredForBy?: Key[] }>
  | SharingEvent<'ExceptionApproved', By & { readonly byBot: boolean }>
  | SharingEvent<'ExceptionRejected', By & { readonly reason: string }>
  | SharingEvent<'ExceptionRevoked', By & { readonly reason: string }>
  | SharingEvent<'CompensationHeard', { readonly name: string }>
  /** Somebody else had decided first: it changes nothing, and stands on record. */
  | SharingEvent<'DecisionCameTooLate', By & { readonly decision: LateDecision; readonly reason?: string }>

type LateDecision = 'approve' | 'reject' | 'revoke'

export interface ExceptionState extends SharedThing {
  readonly status: 'none' | 'requested' | 'approved' | 'rejected' | 'revoked'
  readonly terms?: ExceptionTerms
  readonly requestedBy?: Key
  /** A program asked: who answers for it. */
  readonly answeredForBy?: Key[]
  readonly approvedAt?: Instant
  readonly revokedAt?: Instant
  /** When each compensating control was last heard. */
  readonly heard: Readonly<Record<string, Instant>>
}

export type ExceptionCommand =
  | { readonly do: 'RequestException'; readonly party: Party; readonly terms: ExceptionTerms }
  | { readonly do: 'ApproveException'; readonly party: Party }
  | { readonly do: 'RejectException'; readonly party: Party; readonly reason: string }
  | { readonly do: 'RevokeException'; readonly party: Party; readonly reason: string }
  | { readonly do: 'ReportCompensation'; readonly party: Party; readonly name: string }

export type ExceptionRefusal =
  | 'NO_SUCH_EXCEPTION'
  | 'ALREADY_REQUESTED'
  | 'NO_CREDENTIAL'
  | 'NO_CONTROL'
  | 'NO_SUCH_CONTROL'
  | 'NO_BLAST_RADIUS'
  | 'NO_COMPENSATION'
  | 'WINDOW'
  | 'OWN_REQUEST'
  | 'NOT_OPEN'
  | 'NO_SUCH_COMPENSATION'

type Answer = readonly ExceptionEvent[] | Refusal<ExceptionRefusal>

/** A typed exception: bounded in time, its blast radius documented, compensated by controls that must be heard (R3.7). */
export const exception: Decider<ExceptionState, ExceptionCommand, ExceptionEvent, ExceptionRefusal> = {
  initial: { status: 'none', credentials: [], heard: {} },
  decide,
  evolve,
}

function decide(state: ExceptionState, command: ExceptionCommand, { at }: Decided): Answer {
  if (command.do === 'RequestException') return request(state, command.party, command.terms, at)
  if (state.status === 'none') return refusal('NO_SUCH_EXCEPTION', 'no exception has this id: request it first')
  switch (command.do) {
    case 'ApproveException':
      return approve(state, command.party)
    case 'RejectException':
      return state.status === 'requested'
        ? [{ type: 'ExceptionRejected', data: { ...byOf(command.party), reason: command.reason } }]
        : tooLate('reject', command.party, command.reason)
    case 'RevokeException':
      if (state.status === 'requested')
        return refusal('NOT_OPEN', 'only an approved exception can be revoked: reject the request instead')
      return state.status === 'approved'
        ? [{ type: 'ExceptionRevoked', data: { ...byOf(command.party), reason: command.reason } }]
        : tooLate('revoke', command.party, command.reason)
    case 'ReportCompensation':
      return hear(state, command.party, command.name)
  }
}

function request(state: ExceptionState, party: Party, terms: ExceptionTerms, now: Instant): Answer {
  if (state.status !== 'none') return refusal('ALREADY_REQUESTED', 'this id is taken: ask under a new one')
  if (terms.credentials.length === 0) return refusal('NO_CREDENTIAL', 'name at least one credential')
  if (terms.controls.length === 0) return refusal('NO_CONTROL', 'name the controls that it excuses')
  const [unknown] = unknownControls(terms.controls)
  if (unknown !== undefined) return noSuchControl(unknown)
  if (terms.blastRadius.trim() === '')
    return refusal('NO_BLAST_RADIUS', 'say what could be reached with it: an exception without a blast radius is none')
  if (terms.compensations.length === 0 || terms.compensations.some(({ heartbeatMs }) => heartbeatMs <= 0))
    return refusal('NO_COMPENSATION', 'name at least one compensating control and how often it is heard')
  const fault = windowFault(terms.from, terms.until, now)
  if (fault !== undefined) return refusal('WINDOW', fault)
  return [{ type: 'ExceptionRequested', data: { ...terms, ...byOf(party), ...answeredFor(party) } }]
}

function noSuchControl(written: string): Refusal<ExceptionRefusal> {
  const [nearest, ...others] = nearestControls(written)
  const message = `no control has the id ${JSON.stringify(written)}: name ${nearest}, or one of ${others.join(', ')}`
  return refusal('NO_SUCH_CONTROL', message)
}

function approve({ status, requestedBy, answeredForBy = [] }: ExceptionState, party: Party): Answer {
  if (isOwn(party, [requestedBy, ...answeredForBy]))
    return refusal('OWN_REQUEST', 'who asked for the exception cannot approve it')
  if (status !== 'requested') return tooLate('approve', party)
  return [{ type: 'ExceptionApproved', data: { ...byOf(party), byBot: party.isMachine } }]
}

function hear({ terms, requestedBy, answeredForBy = [] }: ExceptionState, party: Party, heard: string): Answer {
  if (isOwn(party, [requestedBy, ...answeredForBy]))
    return refusal(
      'OWN_REQUEST',
      'who asked for the exception cannot keep it alive: let somebody else say what they heard',
    )
  if (terms?.compensations.some(({ name }) => name === heard) !== true)
    return refusal('NO_SUCH_COMPENSATION', 'the exception names no compensating control of that name')
  return [{ type: 'CompensationHeard', data: { name: heard } }]
}

function tooLate(decision: LateDecision, party: Party, reason?: string): readonly ExceptionEvent[] {
  return [{ type: 'DecisionCameTooLate', data: { ...byOf(party), decision, ...(reason === undefined ? {} : { reason }) } }]
} // prettier-ignore

function byOf({ key, name }: Party): By {
  return { by: key, byName: name }
}

function evolve(state: ExceptionState, event: ExceptionEvent, { at }: Decided): ExceptionState {
  switch (event.type) {
    case 'ExceptionRequested': {
      const { credentials, by, answeredForBy } = event.data
      const behind = answeredForBy === undefined ? {} : { answeredForBy }
      return { ...state, status: 'requested', credentials, terms: event.data, requestedBy: by, ...behind }
    }
    case 'ExceptionApproved':
      return { ...state, status: 'approved', approvedAt: at }
    case 'ExceptionRejected':
      return { ...state, status: 'rejected' }
    case 'ExceptionRevoked':
      return { ...state, status: 'revoked', revokedAt: at }
    case 'CompensationHeard':
      return {
        ...state,
        heard: { ...state.heard, [event.data.name]: Math.max(at, state.heard[event.data.name] ?? at) },
      }
    case 'DecisionCameTooLate':
      return state
  }
}
