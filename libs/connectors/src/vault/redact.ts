import { textAt, type JsonObject, type Mask } from '@catena/domain'
import { allow, each, redactBy, type Rule } from '../redaction.js'

const POLICY_RESULTS = {
  allowed: 'keep',
  granting_policies: { name: 'keep', type: 'keep', namespace_id: 'keep' },
} as const

const AUTH = {
  accessor: 'keep',
  client_token: 'hashed',
  display_name: 'keep',
  entity_id: 'keep',
  entity_created: 'keep',
  metadata: each('keep'),
  policies: 'keep',
  token_policies: 'keep',
  identity_policies: 'keep',
  external_namespace_policies: 'drop',
  policy_results: POLICY_RESULTS,
  no_default_policy: 'keep',
  num_uses: 'keep',
  remaining_uses: 'keep',
  token_issue_time: 'keep',
  token_ttl: 'keep',
  token_type: 'keep',
} as const

const WRAP_INFO = {
  accessor: 'keep',
  wrapped_accessor: 'keep',
  creation_path: 'keep',
  creation_time: 'keep',
  token: 'hashed',
  ttl: 'keep',
} as const

const REQUEST = {
  id: 'keep',
  client_id: 'drop',
  client_token: 'hashed',
  client_token_accessor: 'keep',
  headers: {
    'user-agent': 'keep',
    'x-correlation-id': 'keep',
    'correlation-id': 'keep',
    'x-forwarded-for': 'keep',
    '*': 'hashed',
  },
  mount_accessor: 'keep',
  mount_class: 'keep',
  mount_point: 'keep',
  mount_type: 'keep',
  mount_running_version: 'keep',
  namespace: { id: 'keep', path: 'keep' },
  operation: 'keep',
  path: 'keep',
  policy_override: 'keep',
  remote_address: 'keep',
  remote_port: 'keep',
  wrap_ttl: 'keep',
  // Carries authorisation codes of OIDC callbacks in clear.
  request_uri: 'drop',
} as const

/** Members of request bodies that name tokens and leases; configuration keeps its names, values are hashed by the vault. */
const REQUEST_DATA = {
  lease_id: 'hashed',
  url_lease_id: 'keep',
  token: 'hashed',
  accessor: 'hashed',
  secret_id_accessor: 'hashed',
  role: 'keep',
  claim_mappings: each('keep'),
  data: 'drop',
  '*': 'hashed',
} as const

const RESPONSE_DATA = {
  data: 'drop',
  metadata: { version: 'keep', destroyed: 'keep', '*': 'drop' },
  version: 'keep',
  current_version: 'keep',
  http_status_code: 'keep',
  accessor: 'hashed',
  secret_id_accessor: 'hashed',
  id: 'hashed',
  expire_time: 'keep',
  issue_time: 'keep',
  ttl: 'keep',
  token_ttl: 'keep',
  token_max_ttl: 'keep',
  claim_mappings: each('keep'),
  hash: 'hashed',
  '*': 'drop',
} as const

function ruleOf(requestData: Rule): Rule {
  return allow({
    time: 'keep',
    type: 'keep',
    auth: AUTH,
    request: { ...REQUEST, data: requestData },
    response: {
      auth: AUTH,
      data: RESPONSE_DATA,
      secret: { lease_id: 'keep' },
      wrap_info: WRAP_INFO,
      mount_accessor: 'keep',
      mount_class: 'keep',
      mount_point: 'keep',
      mount_type: 'keep',
      redirect: 'drop',
      warnings: 'drop',
      headers: 'drop',
      '*': 'drop',
    },
    error: 'drop',
  })
}

const AUDIT = ruleOf(allow(REQUEST_DATA))
/** Bodies of secret stores are secrets through and through: even the names of their members go. */
const AUDIT_OF_STORES = ruleOf('drop')
const STORES = new Set(['kv', 'generic', 'cubbyhole', 'ns_cubbyhole'])

const SERVER = allow({ '@timestamp': 'keep', '@level': 'keep', '@module': 'keep', lease_id: 'keep' })
/** Messages of the server log that hold no value of their own. */
const PLAIN_MESSAGES = new Set(['revoked lease', 'failed to revoke lease', 'lease revocation failed'])

export function redactAudit(record: JsonObject, mask: Mask): JsonObject {
  const store = STORES.has(textAt(record, 'request.mount_type') ?? '')
  const redacted = redactBy(store ? AUDIT_OF_STORES : AUDIT, record, mask)
  const error = textAt(record, 'error')
  if (error !== undefined) redacted.error = classifyError(error)
  const version = requestedVersion(textAt(record, 'request.request_uri'))
  if (version !== undefined) redacted.requested_version = version
  return redacted
}

export function redactServer(record: JsonObject, mask: Mask): JsonObject {
  const message = textAt(record, '@message')
  const redacted = redactBy(SERVER, record, mask)
  if (message !== undefined && PLAIN_MESSAGES.has(message)) redacted['@message'] = message
  return redacted
}

/** Errors quote what people typed; only what they say about the outcome is kept. */
function classifyError(error: string): string {
  if (/invalid token|bad token/i.test(error)) return 'invalid token'
  if (/wrapping token is not valid/i.test(error)) return 'invalid wrapping token'
  if (/permission denied/i.test(error)) return 'permission denied'
  if (/invalid credentials|invalid (?:role|secret)[ _-]?id|invalid username or password/i.test(error))
    return 'invalid credentials'
  if (/lease (?:is )?not found|invalid lease|lease expired/i.test(error)) return 'invalid lease'
  return 'other error'
}

function requestedVersion(uri: string | undefined): number | undefined {
  const match = /[?&]version=(\d{1,9})(?:&|$)/.exec(uri ?? '')
  return match ? Number(match[1]) : undefined
}
