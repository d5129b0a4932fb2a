import type { FeedKind } from '../../feed/kinds.js'

/** OCSF class and activity of a kind. https://schema.ocsf.io/1.8.0/classes */
export interface OcsfClass {
  readonly classUid: OcsfClassUid
  readonly activityId: number
  /** OCSF wants a name where the activity is 99 (other). */
  readonly activityName?: string
}

export const OCSF_CLASS_NAMES = {
  2003: 'Compliance Finding',
  2004: 'Detection Finding',
  2008: 'IAM Analysis Finding',
  3002: 'Authentication',
  3003: 'Authorize Session',
  3004: 'Entity Management',
  3005: 'User Access Management',
  3006: 'Group Management',
  6001: 'Web Resources Activity',
  6002: 'Application Lifecycle',
  6003: 'API Activity',
  6008: 'Application Error',
} as const
export type OcsfClassUid = keyof typeof OCSF_CLASS_NAMES

function other(classUid: OcsfClassUid, activityName: string): OcsfClass {
  return { classUid, activityId: 99, activityName }
}

function of(classUid: OcsfClassUid, activityId: number): OcsfClass {
  return { classUid, activityId }
}

export const OCSF_CLASSES: Readonly<Record<FeedKind, OcsfClass>> = {
  'credential-retrieved': of(6003, 2),
  'credential-listed': of(6003, 2),
  'key-used': other(6003, 'Use'),
  'lease-issued': of(6003, 1),
  'lease-renewed': of(6003, 3),
  'lease-ended': of(6003, 4),
  'credential-used-by-ci': of(3002, 1),
  'credential-created': of(3004, 1),
  'credential-rotated': of(3004, 3),
  'credential-disabled': of(3004, 9),
  'credential-restored': of(3004, 8),
  'credential-deleted': of(3004, 4),
  'token-created': of(6003, 1),
  'token-renewed': of(6003, 3),
  'token-revoked': of(6003, 4),
  login: of(3002, 1),
  logout: of(3002, 2),
  'role-assumed': of(3002, 7),
  'break-glass-opened': of(3003, 1),
  'break-glass-closed': other(3003, 'End'),
  'break-glass-reviewed': other(3003, 'Review'),
  'access-requested': other(3005, 'Request'),
  'access-request-withdrawn': other(3005, 'Withdraw request'),
  'access-denied': other(3005, 'Deny'),
  'grant-made': of(3005, 1),
  'grant-revoked': of(3005, 2),
  'membership-added': of(3006, 3),
  'membership-removed': of(3006, 4),
  'approval-recorded': other(6003, 'Approve'),
  'policy-changed': of(3004, 3),
  'configuration-changed': of(3004, 3),
  'campaign-created': of(3004, 1),
  'campaign-started': of(3004, 10),
  'campaign-changed': of(3004, 3),
  'campaign-closed': of(3004, 11),
  'review-changed': of(3004, 3),
  'decision-certified': of(2003, 1),
  'decision-revoked': of(2003, 1),
  'decision-expired': of(2003, 1),
  'exception-changed': of(2003, 2),
  'remediation-recorded': other(3005, 'Remediate'),
  'ownership-changed': of(3004, 3),
  'identity-changed': of(3004, 3),
  'verdict-changed': of(2003, 2),
  'finding-opened': of(2004, 1),
  'finding-updated': of(2004, 2),
  'finding-closed': of(2004, 3),
  'tamper-detected': of(2004, 1),
  'exposure-reported': of(2004, 1),
  'credential-dormant': of(2008, 1),
  'credential-over-shared': of(2008, 1),
  'evidence-viewed': of(6003, 2),
  'report-exported': of(6001, 7),
  'authorization-denied': other(6003, 'Denied operation'),
  'source-silent': of(6008, 1),
  'gap-declared': of(6008, 1),
  'records-not-interpreted': of(6008, 1),
  'events-undelivered': of(6008, 1),
  'outcome-recorded': other(3004, 'Outcome of a command'),
  'event-erased': other(6002, 'Erased'),
  heartbeat: other(6002, 'Heartbeat'),
  test: other(6002, 'Test'),
}

/** What a review or control came to, as OCSF counts a compliance status. */
export const COMPLIANCE: Readonly<Partial<Record<FeedKind, readonly [id: number, caption: string]>>> = {
  'decision-certified': [1, 'Pass'],
  'decision-revoked': [3, 'Fail'],
  'decision-expired': [2, 'Warning'],
}

/** Unknown is no pass. */
export const VERDICTS: Readonly<Record<string, readonly [id: number, caption: string]>> = {
  controlled: [1, 'Pass'],
  exception: [2, 'Warning'],
  uncontrolled: [3, 'Fail'],
  unknown: [0, 'Unknown'],
}
