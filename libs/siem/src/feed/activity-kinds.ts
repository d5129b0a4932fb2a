import { asksForContent, isRetrieval, type Activity, type ActivityKind } from '@catena/domain'
import type { FeedKind } from './kinds.js'

type Reading = FeedKind | undefined | ((fact: Activity) => FeedKind | undefined)

/**
 * What each kind of activity is called in the feed. Undefined: context that chains rest on, or housekeeping, which no event of its own
 * tells of (docs/siem/README.md lists them).
 */
const READINGS: Readonly<Record<ActivityKind, Reading>> = {
  login: (fact) => (/AssumeRole|AssumeRoot/.test(fact.type) ? 'role-assumed' : 'login'),
  'login-started': undefined,
  logout: 'logout',
  'code-exchanged': undefined,
  'session-refreshed': undefined,
  'token-created': (fact) => (/AssumeRole|AssumeRoot/.test(fact.type) ? 'role-assumed' : 'token-created'),
  'token-renewed': 'token-renewed',
  'token-revoked': 'token-revoked',
  'secret-read': 'credential-retrieved',
  'rotating-secret-read': 'credential-retrieved',
  'secret-listed': 'credential-listed',
  'secret-written': (fact) => (fact.target?.version === 1 ? 'credential-created' : 'credential-rotated'),
  'secret-deleted': 'credential-deleted',
  'secret-destroyed': 'credential-deleted',
  'secret-restored': 'credential-restored',
  'lease-issued': 'lease-issued',
  'lease-renewed': 'lease-renewed',
  'lease-revoked': 'lease-ended',
  'lease-ended': 'lease-ended',
  'response-unwrapped': 'credential-retrieved',
  'key-used': 'key-used',
  'run-observed': undefined,
  'job-observed': undefined,
  'approval-observed': 'approval-recorded',
  'secrets-passed': 'credential-used-by-ci',
  'credential-changed': credentialChange,
  'person-observed': undefined,
  'sponsor-observed': undefined,
  'identity-joined': undefined,
  'membership-changed': membershipChange,
  'policy-changed': 'policy-changed',
  'configuration-changed': 'configuration-changed',
  'exposure-reported': 'exposure-reported',
  'agent-observed': undefined,
  'tool-called': undefined,
  'lifecycle-observed': undefined,
  operation: undefined,
  'not-about-access': undefined,
  unclassified: undefined,
  'not-interpreted': undefined,
}

export function feedKindOf(fact: Activity): FeedKind | undefined {
  // What was answered wrapped is retrieved by whoever unwraps it; until then there is a token, for whoever will hold it.
  if (asksForContent(fact) && !isRetrieval(fact)) return 'token-created'
  const reading = READINGS[fact.kind]
  return typeof reading === 'function' ? reading(fact) : reading
}

/** The last word of a vendor's type, or the change that the connector read. */
function changeOf(fact: Activity): string {
  const { change } = fact.attributes
  return `${typeof change === 'string' ? change : ''} ${fact.type}`.toLowerCase()
}

function credentialChange(fact: Activity): FeedKind {
  const change = changeOf(fact)
  if (/delete|destroy|remove|revoke/.test(change)) return 'credential-deleted'
  if (/disable|deactivate|suspend|inactive/.test(change)) return 'credential-disabled'
  if (/enable|activate|restore|reopen/.test(change)) return 'credential-restored'
  return /creat|add|generate/.test(change) ? 'credential-created' : 'credential-rotated'
}

function membershipChange(fact: Activity): FeedKind {
  return /remov|revok|delet|cancel|block/.test(changeOf(fact)) ? 'membership-removed' : 'membership-added'
}
