import { CLAIMS } from '@catena/domain'
import { allow, each, shaped, type Rule } from '../redaction.js'

/** A token accessor, clear or hashed. The body of a request may hold anything that was typed there. */
const ACCESSOR = shaped(/^(?:hmac-sha256:[0-9a-f]{64}|[A-Za-z0-9]{24}(?:\.[A-Za-z0-9]{5,6})?)$/)

/** Clear where OpenBao leaves times as they are, hashed by Vault. */
const TIME = shaped(/^(?:hmac-sha256:[0-9a-f]{64}|\d{4}-\d\d-\d\dT[\d:.]{8,18}(?:Z|[+-]\d\d:\d\d))$/)

/** Names of claims and of metadata fields, as configuration writes them; a device hashes them unless told otherwise. */
const CLAIM_NAMES = each(shaped(/^(?:hmac-sha256:[0-9a-f]{64}|\/?[a-z][a-z0-9_./-]{0,60})$/))

/** What the auth methods write by themselves. */
const METHOD_METADATA =
  'username role role_name cert_name common_name authority_key_id subject_key_id serial_number org account_id auth_type ' +
  'canonical_arn client_arn client_user_id inferred_aws_region inferred_entity_id instance_id region project_id ' +
  'service_account_email service_account_id service_account_name service_account_namespace service_account_uid ' +
  'namespace groups name user_id login subject issuer session_id'

/**
 * Metadata of a token: whoever creates one may write anything there. Under names that are not known, only what reads as an
 * id, a number, an address or a path stays clear.
 */
const METADATA = allow({
  ...Object.fromEntries([...CLAIMS, ...METHOD_METADATA.split(' ')].map((name) => [name, 'keep' as const])),
  '*': shaped(
    /^(?:\d{1,20}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[\w.+-]{1,64}@[\w.-]{1,255}|[\w.-]{1,100}\/[\w./@-]{1,200})$/,
  ),
})

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
  metadata: METADATA,
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
  creation_path: 'path',
  creation_time: 'keep',
  token: 'hashed',
  ttl: 'keep',
} as const

const HEADERS = {
  'user-agent': 'keep',
  'x-correlation-id': 'keep',
  'correlation-id': 'keep',
  'x-forwarded-for': 'keep',
  authorization: 'drop',
  cookie: 'drop',
  'proxy-authorization': 'drop',
  'x-vault-token': 'drop',
  '*': 'hashed',
} as const

const REQUEST = {
  id: 'keep',
  client_id: 'drop',
  client_token: 'hashed',
  client_token_accessor: 'keep',
  headers: HEADERS,
  mount_accessor: 'keep',
  mount_class: 'keep',
  mount_point: 'path',
  mount_type: 'keep',
  mount_running_version: 'keep',
  namespace: { id: 'keep', path: 'path' },
  operation: 'keep',
  path: 'path',
  policy_override: 'keep',
  remote_address: 'keep',
  remote_port: 'keep',
  wrap_ttl: 'keep',
  // Carries authorisation codes of OIDC callbacks in clear.
  request_uri: 'drop',
} as const

/** Not even an HMAC of these is kept: whoever holds the key could try out passwords. */
const SECRETS = {
  data: 'drop',
  password: 'drop',
  current_password: 'drop',
  new_password: 'drop',
  bindpass: 'drop',
  passcode: 'drop',
  plaintext: 'drop',
  batch_input: 'drop',
  input: 'drop',
  secret: 'drop',
  secret_id: 'drop',
  secret_key: 'drop',
  client_secret: 'drop',
  oidc_client_secret: 'drop',
  private_key: 'drop',
  connection_url: 'drop',
  code: 'drop',
  state: 'drop',
  jwt: 'drop',
  // Of card numbers and the like that a transform engine takes, and of the vault's storage.
  value: 'drop',
} as const

/** Members of request bodies that name tokens and leases; configuration keeps its names, values are hashed by the vault. */
const REQUEST_DATA = allow({
  ...SECRETS,
  lease_id: 'hashed',
  url_lease_id: 'path',
  token: 'hashed',
  accessor: ACCESSOR,
  secret_id_accessor: 'hashed',
  role: 'keep',
  claim_mappings: CLAIM_NAMES,
  '*': 'hashed',
})

const RESPONSE_DATA = allow({
  version: 'number',
  current_version: 'number',
  http_status_code: 'number',
  accessor: ACCESSOR,
  approved: 'keep',
  secret_id_accessor: 'hashed',
  id: 'hashed',
  expire_time: TIME,
  issue_time: TIME,
  ttl: 'number',
  token_ttl: 'number',
  token_max_ttl: 'number',
  claim_mappings: CLAIM_NAMES,
  hash: 'hashed',
  access_key: 'hashed',
  '*': 'drop',
})

const KV2_RESPONSE_DATA = allow({
  metadata: { version: 'number', '*': 'drop' },
  version: 'number',
  current_version: 'number',
  http_status_code: 'number',
  '*': 'drop',
})

const NOTHING_INSIDE = allow({ '*': 'drop' })

function ruleOf(requestData: Rule, responseData: Rule): Rule {
  return allow({
    time: 'keep',
    type: 'keep',
    auth: AUTH,
    request: { ...REQUEST, data: requestData },
    response: {
      auth: AUTH,
      data: responseData,
      secret: { lease_id: 'path' },
      wrap_info: WRAP_INFO,
      mount_accessor: 'keep',
      mount_class: 'keep',
      mount_point: 'path',
      mount_type: 'keep',
      '*': 'drop',
    },
    error: 'drop',
  })
}

export const AUDIT = ruleOf(REQUEST_DATA, RESPONSE_DATA)
export const AUDIT_OF_KV2 = ruleOf('drop', KV2_RESPONSE_DATA)
/** Numbers of versions are no secrets; a device hashes them unless the mount is tuned, and a hash says that there was one. */
const VERSIONS = shaped(/^(?:\d{1,6}|hmac-sha256:[0-9a-f]{64})$/)
export const AUDIT_OF_KV2_VERSIONS = ruleOf(allow({ versions: VERSIONS, '*': 'drop' }), KV2_RESPONSE_DATA)
/** KV version 1 and cubbyholes: any member of an answer may be the secret. */
export const AUDIT_OF_FLAT_STORES = ruleOf('drop', NOTHING_INSIDE)
/** Of records that no rule knows, the envelope. */
export const UNKNOWN = allow({
  time: 'keep',
  type: 'keep',
  request: { id: 'keep', namespace: { id: 'keep' } },
  error: 'drop',
})

export const SERVER = allow({ '@timestamp': 'keep', '@level': 'keep', '@module': 'keep', lease_id: 'path' })
