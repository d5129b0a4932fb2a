import { refusal, type Decided, type Decider, type Instant, type Key, type Refusal } from '@catena/domain'
import type { ApprovalData, GrantEvent, LateDecision, RequestData } from './grant-events.js'
import { answeredFor, isOneOf, isOwn, windowFault, type Party, type SharedThing } from './party.js'

/** Who ended it, when and why. */
interface Ended {
  readonly by: Key
  readonly byName: string
  readonly at: Instant
  readonly reason?: string
}

interface Asked extends SharedThing {
  readonly request: RequestData
}
interface Granted extends Asked {
  readonly approval: ApprovalData
  readonly approvedAt: Instant
}

export type Grant =
  | { readonly status: 'none'; readonly credentials: readonly [] }
  | (Asked & { readonly status: 'requested' })
  | (Asked & { readonly status: 'denied' | 'withdrawn'; readonly end: Ended })
  | (Granted & { readonly status: 'granted' })
  | (Granted & { readonly status: 'revoked'; readonly endedAt: Instant; readonly end: Ended })

/** By what right somebody may approve; worked out from the workflow, its delegations and the duties that exclude each other. */
export interface Authority {
  readonly mayApprove: boolean
  readonly onBehalfOf?: Key
  /** All keys of who delegated it. */
  readonly delegator?: readonly Key[]
  /** The workflow does not share all that is asked for: nobody may approve under it. */
  readonly outsideWorkflow?: boolean
  /** Duties that the approver has for one of these credentials and that exclude approving, in words. */
  readonly excludedBy?: string
}

export type GrantCommand =
  | {
      readonly do: 'RequestAccess'
      readonly request: Omit<RequestData, 'requestedBy' | 'requestedByName' | 'answeredForBy'>
      readonly party: Party
    }
  | {
      readonly do: 'ApproveAccess'
      readonly party: Party
      readonly authority: Authority
      /** Narrower than asked for, never wider. */
      readonly from?: Instant
      readonly until?: Instant
      readonly scope?: string
      readonly reason?: string
    }
  | { readonly do: 'DenyAccess'; readonly party: Party; readonly authority: Authority; readonly reason: string }
  | { readonly do: 'WithdrawRequest'; readonly party: Party }
  | { readonly do: 'RevokeGrant'; readonly party: Party; readonly reason: string }

/** Why somebody may not answer this request; the attempt stands on record. */
export type ApproverRefusal = 'OWN_REQUEST' | 'NOT_AN_APPROVER' | 'NOT_IN_WORKFLOW' | 'EXCLUSIVE_DUTY'

export type GrantRefusal =
  | 'NO_SUCH_REQUEST'
  | 'ALREADY_REQUESTED'
  | 'NO_CREDENTIAL'
  | 'WINDOW'
  | ApproverRefusal
  | 'WIDER_THAN_REQUESTED'
  | 'ALREADY_GRANTED'
  | 'NOT_THE_REQUESTER'

type Answer = readonly GrantEvent[] | Refusal<GrantRefusal>
type Of<Name extends GrantCommand['do']> = Extract<GrantCommand, { readonly do: Name }>

const NONE: Grant = { status: 'none', credentials: [] }

/** Request, approval or denial, window, end. The requester never approves (R3.1). */
export const grant: Decider<Grant, GrantCommand, GrantEvent, GrantRefusal> = { initial: NONE, decide, evolve }

function decide(state: Grant, command: GrantCommand, { at }: Decided): Answer {
  if (command.do === 'RequestAccess') return request(state, command, at)
  if (state.status === 'none') return refusal('NO_SUCH_REQUEST', 'nobody asked under this id: request access first')
  switch (command.do) {
    case 'ApproveAccess':
      return approve(state, command, at)
    case 'DenyAccess':
      return deny(state, command)
    case 'WithdrawRequest':
      return withdraw(state, command)
    case 'RevokeGrant':
      return revoke(state, command)
  }
}

function request(state: Grant, { request: asked, party }: Of<'RequestAccess'>, now: Instant): Answer {
  if (state.status !== 'none') return refusal('ALREADY_REQUESTED', 'this id is taken: ask under a new one')
  if (asked.credentials.length === 0) return refusal('NO_CREDENTIAL', 'name at least one credential')
  const fault = windowFault(asked.from, asked.until, now)
  if (fault !== undefined) return refusal('WINDOW', fault)
  return [
    {
      type: 'AccessRequested',
      data: { ...asked, requestedBy: party.key, requestedByName: party.name, ...answeredFor(party) },
    },
  ]
}

function approve(state: Exclude<Grant, { status: 'none' }>, command: Of<'ApproveAccess'>, now: Instant): Answer {
  const { party, authority, reason } = command
  const refused = refusedApprover(state, party, authority)
  if (refused !== undefined) return onRecord('approve', party, refused)
  if (state.status === 'granted' && party.keys.includes(state.approval.by)) return grantedBefore(state, command)
  if (state.status !== 'requested') return tooLate('approve', party, reason)
  const { from: askedFrom, until: askedUntil, scope: askedScope } = state.request
  const [from, until] = [command.from ?? askedFrom, command.until ?? askedUntil]
  if (from < askedFrom || (until ?? Infinity) > (askedUntil ?? Infinity))
    return refusal('WIDER_THAN_REQUESTED', 'approve the window that was asked for or a part of it')
  const fault = windowFault(from, until, now)
  if (fault !== undefined) return refusal('WINDOW', fault)
  const scope = command.scope ?? askedScope
  const approval: ApprovalData = {
    by: party.key,
    byName: party.name,
    byBot: party.isMachine,
    ...(authority.onBehalfOf === undefined ? {} : { onBehalfOf: authority.onBehalfOf }),
    from,
    ...(until === undefined ? {} : { until }),
    ...(scope === undefined ? {} : { scope }),
    ...(reason === undefined ? {} : { reason }),
  }
  return [{ type: 'AccessApproved', data: approval }]
}

/** The same again changes nothing; anything else would not be granted, though it was said. */
function grantedBefore({ request, approval }: Granted, { from, until, scope, reason }: Of<'ApproveAccess'>): Answer {
  const isSame =
    (from ?? request.from) === approval.from &&
    (until ?? request.until) === approval.until &&
    (scope ?? request.scope) === approval.scope &&
    reason === approval.reason
  return isSame
    ? []
    : refusal('ALREADY_GRANTED', 'you granted it before in other terms: revoke it, and have it asked for anew')
}

function refusedApprover({ request }: Asked, party: Party, authority: Authority): Refusal<ApproverRefusal> | undefined {
  const own = [request.requestedBy, request.to, ...(request.answeredForBy ?? [])]
  if (isOwn(party, own))
    return refusal('OWN_REQUEST', 'who asks, and who would benefit, cannot approve: ask another approver')
  if (authority.delegator?.some((key) => own.includes(key)) === true)
    return refusal(
      'OWN_REQUEST',
      'nobody approves in the place of who asks, or would benefit: have it withdrawn, and asked for without a workflow',
    )
  if (authority.outsideWorkflow === true)
    return refusal(
      'NOT_IN_WORKFLOW',
      'the sharing workflow does not share all that is asked for: have it withdrawn, and asked for without a workflow',
    )
  if (!authority.mayApprove)
    return refusal(
      'NOT_AN_APPROVER',
      'the sharing workflow names other approvers: ask one of them, or have it delegated',
    )
  if (authority.excludedBy !== undefined)
    return refusal('EXCLUSIVE_DUTY', `${authority.excludedBy} excludes approving: ask another approver`)
  return undefined
}

/** That somebody tried is what an auditor wants to see. */
function onRecord(decision: 'approve' | 'deny', { key, name }: Party, { refused: code, message: why }: Refusal<ApproverRefusal>): Answer {
  return [{ type: 'ApprovalRefused', data: { decision, by: key, byName: name, code, why } }]
} // prettier-ignore

function deny(state: Exclude<Grant, { status: 'none' }>, { party, authority, reason }: Of<'DenyAccess'>): Answer {
  // To say no, no duty excludes, and neither does that the workflow does not share it: somebody has to be able to answer.
  const refused = refusedApprover(state, party, { mayApprove: authority.mayApprove })
  if (refused !== undefined) return onRecord('deny', party, refused)
  if (state.status !== 'requested') return tooLate('deny', party, reason)
  return [{ type: 'AccessDenied', data: { by: party.key, byName: party.name, reason } }]
}

function withdraw(state: Exclude<Grant, { status: 'none' }>, { party }: Of<'WithdrawRequest'>): Answer {
  if (!isOneOf(party, [state.request.requestedBy]))
    return refusal('NOT_THE_REQUESTER', 'only who asked can withdraw: deny it instead')
  if (state.status === 'withdrawn') return []
  if (state.status !== 'requested') return tooLate('withdraw', party)
  return [{ type: 'AccessRequestWithdrawn', data: { by: party.key, byName: party.name } }]
}

function revoke(state: Exclude<Grant, { status: 'none' }>, { party, reason }: Of<'RevokeGrant'>): Answer {
  // Nothing to revoke yet; an approval may be under way, so that somebody wanted it ended stands on record.
  if (state.status === 'requested')
    return [{ type: 'RevocationCameTooEarly', data: { by: party.key, byName: party.name, reason } }]
  if (state.status !== 'granted') return tooLate('revoke', party, reason)
  return [{ type: 'GrantRevoked', data: { by: party.key, byName: party.name, reason } }]
}

function tooLate(decision: LateDecision, { key, name }: Party, reason?: string): readonly GrantEvent[] {
  const data = { decision, by: key, byName: name, ...(reason === undefined ? {} : { reason }) }
  return [{ type: 'DecisionCameTooLate', data }]
}

function evolve(state: Grant, event: GrantEvent, { at }: Decided): Grant {
  if (event.type === 'AccessRequested')
    return { status: 'requested', credentials: event.data.credentials, request: event.data }
  if (state.status === 'none') return state
  const { credentials, request } = state
  switch (event.type) {
    case 'AccessApproved':
      return { status: 'granted', credentials, request, approval: event.data, approvedAt: at }
    case 'AccessDenied':
      return { status: 'denied', credentials, request, end: { ...event.data, at } }
    case 'AccessRequestWithdrawn':
      return { status: 'withdrawn', credentials, request, end: { ...event.data, at } }
    case 'GrantRevoked':
      return state.status === 'granted'
        ? { ...state, status: 'revoked', endedAt: at, end: { ...event.data, at } }
        : state
    case 'ApprovalRefused':
    case 'RevocationCameTooEarly':
    case 'DecisionCameTooLate':
      return state
  }
}
