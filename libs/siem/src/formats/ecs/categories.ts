import type { FeedKind } from '../../feed/kinds.js'

/** Values that ECS allows together (`expected_event_types`). */
export interface EcsCategory {
  readonly kind?: 'alert' | 'event' | 'pipeline_error' | 'state'
  readonly category: 'api' | 'authentication' | 'configuration' | 'iam' | 'intrusion_detection' | 'session'
  readonly type: readonly string[]
}

function within(category: EcsCategory['category'], ...type: readonly string[]): EcsCategory {
  return { category, type }
}

const ALERT: EcsCategory = { kind: 'alert', category: 'intrusion_detection', type: ['info'] }
const PIPELINE: EcsCategory = { kind: 'pipeline_error', category: 'api', type: ['info'] }

export const ECS_CATEGORIES: Readonly<Record<FeedKind, EcsCategory>> = {
  'credential-retrieved': within('api', 'access'),
  'credential-listed': within('api', 'access'),
  'key-used': within('api', 'access'),
  'lease-issued': within('api', 'creation'),
  'lease-renewed': within('api', 'change'),
  'lease-ended': within('api', 'deletion'),
  'credential-used-by-ci': within('authentication', 'start'),
  'credential-created': within('iam', 'creation'),
  'credential-rotated': within('iam', 'change'),
  'credential-disabled': within('iam', 'change'),
  'credential-restored': within('iam', 'change'),
  'credential-deleted': within('iam', 'deletion'),
  'token-created': within('api', 'creation'),
  'token-renewed': within('api', 'change'),
  'token-revoked': within('api', 'deletion'),
  login: within('authentication', 'start'),
  logout: within('authentication', 'end'),
  'role-assumed': within('authentication', 'start'),
  'break-glass-opened': within('session', 'start'),
  'break-glass-closed': within('session', 'end'),
  'break-glass-reviewed': within('iam', 'admin', 'info'),
  'access-requested': within('iam', 'user', 'info'),
  'access-request-withdrawn': within('iam', 'user', 'info'),
  'access-denied': within('iam', 'user', 'info'),
  'grant-made': within('iam', 'user', 'change'),
  'grant-revoked': within('iam', 'user', 'change'),
  'membership-added': within('iam', 'group', 'change'),
  'membership-removed': within('iam', 'group', 'change'),
  'approval-recorded': within('iam', 'admin', 'info'),
  'policy-changed': within('configuration', 'change'),
  'configuration-changed': within('configuration', 'change'),
  'campaign-created': within('configuration', 'creation'),
  'campaign-started': within('configuration', 'change'),
  'campaign-changed': within('configuration', 'change'),
  'campaign-closed': within('configuration', 'change'),
  'review-changed': within('iam', 'admin', 'info'),
  'decision-certified': within('iam', 'admin', 'change'),
  'decision-revoked': within('iam', 'admin', 'change'),
  'decision-expired': within('iam', 'admin', 'change'),
  'exception-changed': within('iam', 'admin', 'change'),
  'remediation-recorded': within('iam', 'admin', 'change'),
  'ownership-changed': within('iam', 'admin', 'change'),
  'identity-changed': within('iam', 'user', 'change'),
  'verdict-changed': { kind: 'state', category: 'iam', type: ['info'] },
  'finding-opened': ALERT,
  'finding-updated': { ...ALERT, kind: 'event' },
  'finding-closed': { ...ALERT, kind: 'event' },
  'tamper-detected': ALERT,
  'exposure-reported': ALERT,
  'credential-dormant': within('iam', 'info'),
  'credential-over-shared': within('iam', 'info'),
  'evidence-viewed': within('api', 'access'),
  'report-exported': within('api', 'access'),
  'authorization-denied': within('api', 'denied'),
  'source-silent': PIPELINE,
  'gap-declared': PIPELINE,
  'records-not-interpreted': PIPELINE,
  'events-undelivered': PIPELINE,
  'outcome-recorded': within('configuration', 'change'),
  'event-erased': within('configuration', 'deletion'),
  heartbeat: within('api', 'info'),
  test: within('api', 'info'),
}
