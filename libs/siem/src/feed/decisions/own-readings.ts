import type { OwnDecision } from './domain-event.js'
import { about, detailed, entity, named, type ReadingsOf, type Told } from './reading.js'

/** Catena's own house: who asked, who may, what leaves, what was taken out. */
export const OWN_READINGS: ReadingsOf<OwnDecision> = {
  AliasJoined: { kind: 'identity-changed', severity: 2, tell: ofAlias },
  AliasRejected: { kind: 'identity-changed', severity: 2, outcome: 'denied', tell: ofAlias },
  AliasJoinEnded: { kind: 'identity-changed', severity: 2, tell: ofAlias },
  ApiTokenIssued: { kind: 'token-created', severity: 2, tell: ({ id, name, roles, owner }) => ({ ...entity('API token', id, name), ...about(owner), ...detailed({ role: roles?.join(', ') }) }) },
  ApiTokenRevoked: { kind: 'token-revoked', tell: ({ reason }) => detailed({ reason }) },
  DestinationAdded: { kind: 'configuration-changed', tell: ofDestination },
  DestinationPaused: { kind: 'configuration-changed', severity: 3, tell: ofDestination },
  DestinationResumed: { kind: 'configuration-changed', tell: ofDestination },
  DestinationRemoved: { kind: 'configuration-changed', severity: 3, tell: ofDestination },
  DestinationDisabled: { kind: 'configuration-changed', severity: 4, outcome: 'failed', tell: (data) => ({ ...ofDestination(data), ...detailed({ reason: data.reason }) }) },
  ReplayRequested: { kind: 'configuration-changed', tell: (data) => ({ ...ofDestination(data), ...detailed({ after: data.after === undefined ? undefined : String(data.after) }) }) },
  EvidenceRead: { kind: 'evidence-viewed', tell: ({ operation, fields, shown }) => ({ ...named('evidence', operation ?? 'a query'), ...detailed({ fields: fields?.join(', '), shown: shown?.join(', ') }) }) },
  AuthorizationDenied: { kind: 'authorization-denied', outcome: 'denied', tell: ({ operation, fields, before }) => ({ ...named('operation', operation ?? fields?.join(', ')), ...detailed({ fields: fields?.join(', '), times: before === undefined || before === 0 ? undefined : String(before + 1) }) }) },
  EventsErased: { kind: 'configuration-changed', severity: 3, tell: ({ reason }) => named('erasure', reason) },
  EventRangeDetached: { kind: 'configuration-changed', severity: 2, tell: ({ file }) => named('archive', file) },
  EventRangeReattached: { kind: 'configuration-changed', severity: 2, tell: ({ file }) => named('archive', file) },
} // prettier-ignore

function ofAlias({ alias, principal, reason }: { readonly alias?: string | undefined; readonly principal?: string | undefined; readonly reason?: string | undefined }): Told {
  return { ...about(principal), ...entity('alias', alias), ...detailed({ reason }) }
} // prettier-ignore

function ofDestination({ destination }: { readonly destination?: string | undefined }): Told {
  return { ...entity('export destination', destination, destination) }
}
