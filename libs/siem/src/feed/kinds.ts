/**
 * What the feed tells of. The catalogue is open: add a kind here, and the compiler and `formats.spec.ts` ask for its mapping in every format.
 */
export const FEED_KINDS = [
  'credential-retrieved',
  'credential-listed',
  'key-used',
  'lease-issued',
  'lease-renewed',
  'lease-ended',
  'credential-used-by-ci',
  'credential-created',
  'credential-rotated',
  'credential-disabled',
  'credential-restored',
  'credential-deleted',
  'token-created',
  'token-renewed',
  'token-revoked',
  'login',
  'logout',
  'role-assumed',
  'break-glass-opened',
  'break-glass-closed',
  'break-glass-reviewed',
  'access-requested',
  'access-request-withdrawn',
  'access-denied',
  'grant-made',
  'grant-revoked',
  'membership-added',
  'membership-removed',
  'approval-recorded',
  'policy-changed',
  'configuration-changed',
  'campaign-created',
  'campaign-started',
  'campaign-changed',
  'campaign-closed',
  'review-changed',
  'decision-certified',
  'decision-revoked',
  'decision-expired',
  'exception-changed',
  'remediation-recorded',
  'ownership-changed',
  'identity-changed',
  'verdict-changed',
  'finding-opened',
  'finding-updated',
  'finding-closed',
  'tamper-detected',
  'exposure-reported',
  'credential-dormant',
  'credential-over-shared',
  'evidence-viewed',
  'report-exported',
  'authorization-denied',
  'source-silent',
  'gap-declared',
  'records-not-interpreted',
  'events-undelivered',
  'outcome-recorded', // housekeeping, and what a version of Catena wrote that this one does not know
  'event-erased', // stands where an erased event stood, so that the sequence has no hole
  'heartbeat',
  'test',
] as const

export type FeedKind = (typeof FEED_KINDS)[number]

/** As OCSF counts: 1 informational, 2 low, 3 medium, 4 high, 5 critical. */
export type Severity = 1 | 2 | 3 | 4 | 5

export const SEVERITY_NAMES = ['informational', 'low', 'medium', 'high', 'critical'] as const
export type SeverityName = (typeof SEVERITY_NAMES)[number]

export function severityName(severity: Severity): SeverityName {
  return SEVERITY_NAMES[severity - 1] as SeverityName
}

/** Undefined for a word that is no severity. */
export function severityNamed(name: string): Severity | undefined {
  const index = (SEVERITY_NAMES as readonly string[]).indexOf(name)
  return index === -1 ? undefined : ((index + 1) as Severity)
}

/** How much a kind matters where nothing more is known; everything else is informational. */
const RAISED: Readonly<Partial<Record<FeedKind, Severity>>> = {
  'credential-deleted': 2,
  'break-glass-opened': 4,
  'break-glass-reviewed': 2,
  'access-denied': 2,
  'grant-made': 2,
  'policy-changed': 2,
  'configuration-changed': 2,
  'decision-revoked': 2,
  'decision-expired': 3,
  'exception-changed': 2,
  'verdict-changed': 2,
  'finding-opened': 3,
  'finding-updated': 2,
  'tamper-detected': 5,
  'exposure-reported': 4,
  'credential-dormant': 2,
  'credential-over-shared': 3,
  'authorization-denied': 3,
  'source-silent': 4,
  'gap-declared': 3,
  'records-not-interpreted': 4,
  'events-undelivered': 4,
}

export function severityOf(kind: FeedKind): Severity {
  return RAISED[kind] ?? 1
}
