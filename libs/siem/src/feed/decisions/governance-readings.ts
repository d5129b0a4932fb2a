import type { Outcome } from '@catena/domain'
import { severityNamed, severityOf } from '../kinds.js'
import type { GovernanceDecision } from './domain-event.js'
import { about, detailed, moment, named, ofCredentials, type ReadingsOf, type Told } from './reading.js'

/** Who answers for a credential, what controls say of it, and which rules hold. */
export const GOVERNANCE_READINGS: ReadingsOf<GovernanceDecision> = {
  CredentialRegistered: { kind: 'ownership-changed', tell: ({ credential, system, path }) => ofCredentials([credential], { system, path }) },
  CredentialOwnerAssigned: { kind: 'ownership-changed', severity: 2, tell: ({ credential, key, name, reason }) => ({ ...about(key, name), ...ofCredentials([credential], { role: 'owner', reason }) }) },
  CredentialOwnershipAttested: { kind: 'ownership-changed', tell: ({ credential, owner }) => ({ ...about(owner), ...ofCredentials([credential], { role: 'owner' }) }) },
  CredentialStewardAdded: { kind: 'ownership-changed', severity: 2, tell: ({ credential, key, name, role }) => ({ ...about(key, name), ...ofCredentials([credential], { role }) }) },
  CredentialStewardRemoved: { kind: 'ownership-changed', severity: 2, tell: ({ credential, key, role }) => ({ ...about(key), ...ofCredentials([credential], { role }) }) },
  CredentialFactsDeclared: { kind: 'ownership-changed', tell: ({ credential, environment, purpose }) => ofCredentials([credential], { environment, purpose }) },
  CredentialCheckoutDeclared: { kind: 'grant-made', tell: ({ credential, key, name, to }) => ({ ...about(key, name), ...ofCredentials([credential], { scope: 'checkout, declared by hand', until: moment(to) }) }) },
  CredentialCopyDeclared: { kind: 'ownership-changed', severity: 3, tell: ({ credential, kind, place }) => ofCredentials([credential], { copy: kind, place }) },
  CredentialCopyCleared: { kind: 'ownership-changed', severity: 2, tell: ({ credential, kind, place }) => ofCredentials([credential], { copy: kind, place }) },
  OwnershipRulesPublished: { kind: 'policy-changed', tell: ({ version }) => rules('ownership rules', version) },
  PrivilegeRulesPublished: { kind: 'policy-changed', tell: ({ version }) => rules('privilege rules', version) },
  VerdictChanged: {
    kind: 'verdict-changed',
    severity: ({ to }) => (to === 'uncontrolled' ? 3 : 2),
    outcome: ({ to }) => outcomeOf(to),
    tell: ({ credential, control, from, to, reason }) => ofCredentials([credential], { control, verdict: to ?? 'unknown', before: from ?? 'unknown', reason }),
  },
  FindingOpened: {
    kind: 'finding-opened',
    severity: ({ severity }) => severityNamed(severity ?? '') ?? severityOf('finding-opened'),
    outcome: 'failed',
    tell: ofFinding,
  },
  FindingUpdated: { kind: 'finding-updated', severity: ({ severity }) => severityNamed(severity ?? '') ?? severityOf('finding-updated'), outcome: 'failed', tell: (data) => ofFinding(data, { severity: data.severity }) },
  FindingClosed: { kind: 'finding-closed', outcome: ({ verdict }) => outcomeOf(verdict), tell: (data) => ofFinding(data, { verdict: data.verdict ?? 'unknown' }) },
  FindingAssigned: { kind: 'finding-updated', severity: 1, tell: (data) => ofFinding(data, { assignedTo: data.to }) },
  FindingCommented: { kind: 'finding-updated', severity: 1, tell: (data) => ofFinding(data) },
} // prettier-ignore

/** Of the control: a credential that is excused, unknown or no longer judged did not pass. */
function outcomeOf(verdict: string | undefined): Outcome {
  if (verdict === 'controlled') return 'succeeded'
  return verdict === 'uncontrolled' ? 'failed' : 'unknown'
}

function ofFinding(
  { credential, control, reason }: { readonly credential?: string | undefined; readonly control?: string | undefined; readonly reason?: string | undefined },
  more: Readonly<Record<string, string | undefined>> = {},
): Told {
  return ofCredentials(credential === undefined ? [] : [credential], { control, reason, ...more })
} // prettier-ignore

function rules(name: string, version: number | undefined): Told {
  return { ...named('policy', name), ...detailed({ version: version === undefined ? undefined : String(version) }) }
}
