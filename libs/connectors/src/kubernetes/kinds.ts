import type { ActivityKind } from '@catena/domain'
import type { AuditEvent } from './record.js'

const READS = new Set(['get', 'list', 'watch', 'head'])
const POLICIES = new Set(['roles', 'clusterroles', 'rolebindings', 'clusterrolebindings'])
/** Written by the cluster about itself, all the time. */
const HOUSEKEEPING = new Set([
  'leases',
  'events',
  'endpoints',
  'endpointslices',
  'subjectaccessreviews',
  'selfsubjectaccessreviews',
])
const HEALTH = /^\/(?:healthz|livez|readyz|metrics|version|openapi|apis?)(?:\/|$)/

/** A list or a watch of secrets yields their values like a read of each. What is known to be a dry run changes nothing, whatever it asks for. */
export function kindOf(event: AuditEvent): ActivityKind {
  const kind = askedOf(event)
  return event.isDryRun && CHANGES.has(kind) ? 'operation' : kind
}

const CHANGES: ReadonlySet<ActivityKind> = new Set([
  'secret-written',
  'policy-changed',
  'credential-changed',
  'configuration-changed',
])

function askedOf(event: AuditEvent): ActivityKind {
  const { verb, resource, subresource } = event
  const isRead = READS.has(verb)
  if (resource === '') return isRead && HEALTH.test(pathOf(event)) ? 'not-about-access' : 'operation'
  if (resource === 'secrets') return isRead ? 'secret-read' : secretKind(verb)
  if (resource === 'serviceaccounts' && subresource === 'token') return 'token-created'
  if (HOUSEKEEPING.has(resource)) return 'not-about-access'
  if (isRead) return 'operation'
  if (POLICIES.has(resource)) return 'policy-changed'
  if (resource === 'certificatesigningrequests') return 'credential-changed'
  return resource === 'serviceaccounts' ? 'configuration-changed' : 'operation'
}

/** Requests that name no object because they mean all of a namespace, or of the cluster. */
export function meansAll({ verb, name }: AuditEvent): boolean {
  return name === undefined && ['list', 'watch', 'deletecollection'].includes(verb)
}

function secretKind(verb: string): ActivityKind {
  return verb.startsWith('delete') ? 'secret-destroyed' : 'secret-written'
}

function pathOf({ payload }: AuditEvent): string {
  return typeof payload.requestURI === 'string' ? payload.requestURI : ''
}
