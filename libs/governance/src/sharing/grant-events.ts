import type { Instant, Key } from '@catena/domain'
import type { SharedThing, SharingEvent } from './party.js'

export type RequestData = SharedThing & {
  readonly credentials: string[]
  /** Person, workload or group. */
  readonly to: Key
  readonly toName: string
  /** A role or group: its members are resolved whenever somebody asks. */
  readonly toRole: boolean
  readonly requestedBy: Key
  readonly requestedByName: string
  /** A program asked: who answers for it. */
  readonly answeredForBy?: Key[]
  readonly reason: string
  readonly from: Instant
  /** Left out: no end, which is a finding. */
  readonly until?: Instant
  readonly scope?: string
  /** Id of the sharing workflow under which it is asked. */
  readonly workflow?: string
}

export type ApprovalData = {
  readonly by: Key
  readonly byName: string
  readonly byBot: boolean
  /** Whose approval was delegated. */
  readonly onBehalfOf?: Key
  readonly from: Instant
  readonly until?: Instant
  readonly scope?: string
  readonly reason?: string
}

type ByPerson = { readonly by: Key; readonly byName: string; readonly reason?: string }

export type LateDecision = 'approve' | 'deny' | 'withdraw' | 'revoke'

export type GrantEvent =
  | SharingEvent<'AccessRequested', RequestData>
  | SharingEvent<'AccessApproved', ApprovalData>
  | SharingEvent<'AccessDenied', ByPerson>
  | SharingEvent<'AccessRequestWithdrawn', ByPerson>
  | SharingEvent<'GrantRevoked', ByPerson>
  /** Who tried to answer the request had no right to: it changes nothing, and stands on record. */
  | SharingEvent<
      'ApprovalRefused',
      ByPerson & { readonly decision: 'approve' | 'deny'; readonly code: string; readonly why: string }
    >
  /** Nothing was granted yet: it changes nothing, and stands on record. */
  | SharingEvent<'RevocationCameTooEarly', ByPerson>
  /** Somebody else had decided first: it changes nothing, and stands on record. */
  | SharingEvent<'DecisionCameTooLate', ByPerson & { readonly decision: LateDecision }>
