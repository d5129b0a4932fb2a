import { isObject, type JsonObject, type Mask, type SourceInstance } from '@catena/domain'
import { allow, keep, only, redactBy, type RuleLiteral } from '../redaction.js'
import { claimsOf, federationOf } from './federation.js'
import { typeOf } from './identify.js'

const ENVELOPE: RuleLiteral = {
  ...keep('event', 'code', 'time', 'uid', 'sid', 'cluster_name', 'success', 'namespace'),
  ei: 'number',
}

const WHO: RuleLiteral = {
  ...keep('user', 'login', 'impersonator', 'user_cluster_name', 'bot_name', 'bot_instance_id', 'access_requests', 'user_roles'),
  user_kind: 'number',
  ...keep('addr.remote', 'addr_remote', 'addr.local', 'method', 'private_key_policy', 'client_ip', 'user_agent'),
  mfa_device: only(keep('mfa_device_type', 'mfa_device_uuid')),
  trusted_device: only(keep('device_id', 'os_type')),
} // prettier-ignore

/** Hosts, databases, applications, clusters, desktops. */
const TARGET: RuleLiteral = {
  ...keep('server_id', 'server_hostname', 'proto', 'forwarded_by', 'session_recording', 'kubernetes_cluster'),
  ...keep('kubernetes_users', 'kubernetes_groups', 'kubernetes_pod_namespace', 'kubernetes_pod_name', 'verb'),
  ...keep('db_service', 'db_name', 'db_user', 'db_protocol', 'db_type', 'db_origin', 'db_roles'),
  ...keep('app_name', 'app_session_id', 'desktop_name', 'windows_user', 'windows_domain', 'windows_desktop_service'),
  ...keep('session_start', 'session_stop', 'participants', 'token_name', 'join_method'),
  request_path: 'path',
}

const IDENTITY = only({
  ...keep('user', 'roles', 'logins', 'expires', 'access_requests', 'impersonator', 'renewable', 'bot_name'),
  ...keep('bot_instance_id', 'mfa_device_uuid', 'route_to_cluster', 'prev_identity_expires'),
  route_to_database: only(keep('service_name', 'username', 'database', 'protocol')),
  route_to_app: only(keep('name', 'session_id')),
})

const REQUEST: RuleLiteral = {
  ...keep('id', 'state', 'proposed_state', 'reviewer', 'delegator', 'submitted_by', 'updated_by', 'roles', 'expires'),
  ...keep('max_duration', 'assume_start_time', 'promoted_access_list_name'),
  resource_ids: only(keep('cluster', 'kind', 'name', 'sub_resource')),
}

const CHANGED: RuleLiteral = {
  ...keep('name', 'expires', 'connector', 'members', 'access_list_name', 'spiffe_id', 'serial_number', 'svid_type'),
  cert_type: 'keep',
  identity: IDENTITY,
}

const RULE = allow(only({ ...ENVELOPE, ...WHO, ...TARGET, ...REQUEST, ...CHANGED }))
/** Whoever failed to sign in may have typed anything into the name's field. */
const REFUSED = allow(only({ ...ENVELOPE, ...WHO, ...TARGET, ...REQUEST, ...CHANGED, user: 'mask', login: 'mask' }))
/** Whoever knows the name of a token of the method `token` can join with it. Teleport itself blanks most of such a name, and not in every version. */
const NAMED_TOKEN = allow(
  only({ ...ENVELOPE, ...WHO, ...TARGET, ...REQUEST, ...CHANGED, name: 'mask', token_name: 'mask' }),
)
const UNKNOWN = allow(only({ ...keep('code', 'time', 'uid', 'cluster_name'), ei: 'number' }))

/** Commands, queries, reasons, messages, traits and labels are left out; of an issuer's claims the declared ones stay. */
export function redactEvent(record: JsonObject, mask: Mask, source: SourceInstance): JsonObject {
  if (typeOf(record) === undefined) return redactBy(UNKNOWN, record, mask)
  const isRefused = record.success === false && (record.event === 'user.login' || record.event === 'auth')
  const redacted = redactBy(isRefused ? REFUSED : isOfSecretToken(record) ? NAMED_TOKEN : RULE, record, mask)
  const claims = claimsIn(record, mask, source)
  return claims === undefined ? redacted : { ...redacted, attributes: claims }
}

/** Of all other methods the name is none: what joins shows a token of its platform. */
function isOfSecretToken({ event, method, join_method: joining }: JsonObject): boolean {
  if (event === 'bot.join' || event === 'instance.join') return method === undefined || method === 'token'
  const isToken = typeof event === 'string' && event.startsWith('join_token.')
  return isToken && (joining === undefined || joining === 'token')
}

function claimsIn(record: JsonObject, mask: Mask, source: SourceInstance): JsonObject | undefined {
  const federation = federationOf(record, source)
  if (federation === undefined || !isObject(record.attributes) || record.success === false) return undefined
  return redactBy(allow(only(keep(...claimsOf(federation)))), record.attributes, mask)
}
