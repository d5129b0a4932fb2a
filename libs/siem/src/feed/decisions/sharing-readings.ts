import type { SharingDecision } from './domain-event.js'
import { about, detailed, moment, named, ofCredentials, type ReadingsOf, type Told } from './reading.js'

/** Sharing: requests and grants, emergencies, incidents, exceptions, exposures. */
export const SHARING_READINGS: ReadingsOf<SharingDecision> = {
  AccessRequested: {
    kind: 'access-requested',
    tell: ({ credentials, to, toName, scope, reason, until }) => ({ ...about(to, toName), ...ofCredentials(credentials, { scope, reason, until: moment(until) }) }),
  },
  AccessApproved: { kind: 'grant-made', tell: ({ byName, byBot, scope, reason, until }) => detailed({ approver: byName, approverKind: byBot === true ? 'machine' : 'person', scope, reason, until: moment(until) }) },
  AccessDenied: { kind: 'access-denied', outcome: 'denied', tell: by },
  AccessRequestWithdrawn: { kind: 'access-request-withdrawn', tell: by },
  GrantRevoked: { kind: 'grant-revoked', tell: by },
  ApprovalRefused: { kind: 'outcome-recorded', severity: ({ code }) => (code === 'OWN_REQUEST' ? 4 : 3), outcome: 'denied', tell: ({ byName, decision, why }) => detailed({ by: byName, decision, reason: why }) },
  RevocationCameTooEarly: { kind: 'outcome-recorded', severity: 3, outcome: 'denied', tell: ({ byName, reason }) => detailed({ by: byName, reason }) },
  DecisionCameTooLate: { kind: 'outcome-recorded', severity: 2, outcome: 'denied', tell: ({ byName, decision, reason }) => detailed({ by: byName, decision, reason }) },
  BreakGlassPlanned: { kind: 'configuration-changed', tell: ({ credentials, condition }) => ofCredentials(credentials, { condition }) },
  BreakGlassActivated: {
    kind: 'break-glass-opened',
    severity: ({ outsidePlan }) => (outsidePlan === true ? 5 : 4),
    tell: ({ credentials, by: key, byName, reason, activation, outsidePlan }) => ({ ...about(key, byName), ...ofCredentials(credentials, { activation, reason, outsidePlan: outsidePlan === true ? 'yes' : undefined }) }),
  },
  BreakGlassClosed: { kind: 'break-glass-closed', tell: ({ activation, byName }) => detailed({ activation, by: byName }) },
  BreakGlassReviewed: {
    kind: 'break-glass-reviewed',
    severity: ({ outcome }) => (outcome === 'misuse' ? 5 : 2),
    outcome: ({ outcome }) => (outcome === 'justified' ? 'succeeded' : 'failed'),
    tell: ({ activation, byName, outcome, words }) => detailed({ activation, by: byName, review: outcome, reason: words }),
  },
  IncidentTokenIssued: { kind: 'token-created', severity: 3, tell: ({ credentials, incident, responders }) => ofCredentials(credentials, { incident, responders: responders?.map(({ name }) => name).join(', ') }) },
  IncidentContained: { kind: 'token-revoked', severity: 2, tell: ({ words }) => detailed({ reason: words }) },
  MigrationWindowOpened: { kind: 'configuration-changed', tell: ({ credentials }) => ofCredentials(credentials) },
  MigrationWindowExtended: { kind: 'configuration-changed', tell: ({ until, reason }) => detailed({ until: moment(until), reason }) },
  MigrationCutOver: { kind: 'configuration-changed', tell: ({ words }) => detailed({ reason: words }) },
  ExceptionRequested: { kind: 'exception-changed', tell: ({ credentials, kind, controls, until, reason }) => ofCredentials(credentials, { exception: kind, control: controls?.join(', '), until: moment(until), reason }) },
  ExceptionApproved: { kind: 'exception-changed', severity: 3, tell: ({ byName, byBot }) => detailed({ verdict: 'exception', approver: byName, approverKind: byBot === true ? 'machine' : 'person' }) },
  ExceptionRejected: { kind: 'exception-changed', outcome: 'denied', tell: by },
  ExceptionRevoked: { kind: 'exception-changed', tell: by },
  CompensationHeard: { kind: 'outcome-recorded', tell: ({ name }) => named('compensating control', name) },
  SigningReleaseRequested: { kind: 'access-requested', tell: ({ credentials, release, byName, until }) => ofCredentials(credentials, { release, by: byName, until: moment(until) }) },
  SigningReleaseApproved: { kind: 'grant-made', tell: ({ byName, byBot }) => detailed({ approver: byName, approverKind: byBot === true ? 'machine' : 'person', scope: 'sign one release' }) },
  SharingWorkflowDeclared: { kind: 'policy-changed', tell: ({ credentials, name, aiEnabled }) => ofCredentials(credentials, { workflow: name, aiEnabled: aiEnabled === true ? 'yes' : undefined }) },
  SharingWorkflowRetired: { kind: 'policy-changed', tell: ({ reason }) => detailed({ reason }) },
  ApprovalDelegated: { kind: 'grant-made', tell: ({ to, toName, until }) => ({ ...about(to, toName), ...detailed({ scope: 'approve in place of the approver', until: moment(until) }) }) },
  ApprovalDelegationEnded: { kind: 'grant-revoked', tell: ({ to }) => ({ ...about(to), ...detailed({ scope: 'approve in place of the approver' }) }) },
  ExclusiveDutiesPublished: { kind: 'policy-changed', tell: ({ pairs }) => ({ ...named('policy', 'exclusive duties'), ...detailed({ pairs: pairs?.map((pair) => pair.join(' and ')).join(', ') }) }) },
  JobTokenTied: { kind: 'token-created', tell: ({ credentials }) => ofCredentials(credentials) },
  ScheduledJobDisabled: { kind: 'token-revoked', tell: ({ words }) => detailed({ reason: words }) },
  ExposureReported: {
    kind: 'exposure-reported',
    severity: ({ how }) => (how === 'misuse' ? 5 : 4),
    outcome: 'unknown',
    tell: ({ credentials, how, exposedAt, words }) => ofCredentials(credentials, { how, exposedAt: moment(exposedAt), reason: words }),
  },
  ExposureWithdrawn: { kind: 'finding-closed', severity: 2, tell: ({ reason }) => detailed({ reason }) },
  AlertDeclared: { kind: 'configuration-changed', tell: ({ credentials, name }) => ofCredentials(credentials, { alert: name }) },
  AlertHeard: { kind: 'outcome-recorded', tell: ({ test }) => detailed({ test: test === true ? 'yes' : undefined }) },
} // prettier-ignore

function by({ byName, reason }: { readonly byName?: string | undefined; readonly reason?: string | undefined }): Told {
  return detailed({ by: byName, reason })
}
