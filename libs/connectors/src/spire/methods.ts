import { text, type ActivityKind, type JsonObject } from '@catena/domain'
import { looksSecret } from '../redaction.js'

export type Concern = 'svid' | 'agent' | 'entry' | 'read' | 'aside'

export interface Method {
  readonly kind: ActivityKind
  readonly concern: Concern
}

const METHODS: Readonly<Record<string, Method>> = {
  'svid.v1.SVID.MintX509SVID': { kind: 'token-created', concern: 'svid' },
  'svid.v1.SVID.BatchNewX509SVID': { kind: 'token-created', concern: 'svid' },
  'svid.v1.SVID.MintJWTSVID': { kind: 'token-created', concern: 'svid' },
  'svid.v1.SVID.NewJWTSVID': { kind: 'token-created', concern: 'svid' },
  'svid.v1.SVID.NewDownstreamX509CA': { kind: 'credential-changed', concern: 'entry' },
  'agent.v1.Agent.AttestAgent': { kind: 'login', concern: 'agent' },
  'agent.v1.Agent.RenewAgent': { kind: 'token-renewed', concern: 'agent' },
  'agent.v1.Agent.BanAgent': { kind: 'configuration-changed', concern: 'agent' },
  'agent.v1.Agent.DeleteAgent': { kind: 'configuration-changed', concern: 'agent' },
  'agent.v1.Agent.CreateJoinToken': { kind: 'token-created', concern: 'agent' },
  'entry.v1.Entry.BatchCreateEntry': { kind: 'policy-changed', concern: 'entry' },
  'entry.v1.Entry.BatchUpdateEntry': { kind: 'policy-changed', concern: 'entry' },
  'entry.v1.Entry.BatchDeleteEntry': { kind: 'policy-changed', concern: 'entry' },
}

/** Everything else that the API offers reads, or changes bundles and authorities. */
const SERVICE = /^(?:svid|agent|entry|bundle|trustdomain|localauthority|logger|debug)\.v1\.[A-Z]\w{1,40}$/
const READS = /^(?:Get|List|Count|Sync|PostStatus)/

/** Parts of the server that write about themselves. */
const HOUSEKEEPING = new Set(
  (
    'ca_manager catalog endpoints sql datastore health telemetry svid_rotator registration_manager entry_cache bundle_client ' +
    'bundle_publishing built-in upstream_client cache_reloader main ca jwtsvid authpolicy'
  ).split(' '),
)

/** undefined: a line that nobody has read yet. */
export function methodOf(record: JsonObject): Method | undefined {
  const [service, method] = [text(record.service), text(record.method)]
  if (record.type === 'audit' || isSigned(record)) return calledMethod(service, method)
  const part = text(record.subsystem_name)
  if (text(record.level) === undefined || part === undefined || !HOUSEKEEPING.has(part)) return undefined
  return { kind: 'not-about-access', concern: 'aside' }
}

function calledMethod(service: string | undefined, method: string | undefined): Method | undefined {
  if (service === undefined || method === undefined || !SERVICE.test(service) || !/^[A-Z]\w{1,40}$/.test(method))
    return undefined
  if (looksSecret(service) || looksSecret(method)) return undefined
  const known = METHODS[`${service}.${method}`]
  if (known !== undefined) return known
  return READS.test(method) ? { kind: 'operation', concern: 'read' } : { kind: 'configuration-changed', concern: 'entry' }
} // prettier-ignore

/** The line that names the serial number; written at level debug. */
export function isSigned({ msg }: JsonObject): boolean {
  return msg === 'Signed X509 SVID' || msg === 'Signed JWT SVID'
}

/** `svid.v1.SVID.MintX509SVID` */
export function nameOf(record: JsonObject): string {
  return `${text(record.service) ?? ''}.${text(record.method) ?? ''}`
}
