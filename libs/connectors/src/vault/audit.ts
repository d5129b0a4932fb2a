import {
  at,
  isObject,
  issuerScope,
  list,
  makeKey,
  parseInstant,
  text,
  textAt,
  type Activity,
  type ActivityKind,
  type Attributes,
  type Json,
  type JsonObject,
  type Outcome,
  type SourceInstance,
  type StoredRecord,
} from '@catena/domain'
import { federationOf, presentClaims } from './federation.js'
import { Groups } from './groups.js'
import { address, type Addressed } from './target.js'

/** Half a request (or its answer) as an audit device wrote it. */
export function interpretAudit(stored: StoredRecord, source: SourceInstance): Activity {
  const record = stored.payload
  const requestId = textAt(record, 'request.id')
  const groups = new Groups(record, source.scope, stored.position)
  const addressed = classify(record, groups, source)
  const at = parseInstant(record.time) ?? stored.occurredAt
  return {
    factId: `vault:${source.scope}:${requestId ?? `record:${stored.recordId}`}`,
    source: source.id,
    kind: addressed.kind,
    type: `${textAt(record, 'request.operation') ?? 'request'} ${textAt(record, 'request.path') ?? ''}`.trim(),
    occurredAt: at,
    completedAt: at,
    resolutionMs: 0,
    outcome: outcomeOf(record, addressed),
    ...(addressed.target === undefined ? {} : { target: addressed.target }),
    groups: groups.all,
    attributes: attributesOf(record, source),
    conflicts: [],
    positions: [stored.position],
  }
}

function classify(record: JsonObject, groups: Groups, source: SourceInstance): Addressed {
  const system = issuerScope(source.kind, source.scope)
  const path = textAt(record, 'request.path') ?? ''
  if (isLogin(record, path)) return classifyLogin(record, groups, source)
  groups.token('caller', 'presents', [
    'auth.accessor',
    'request.client_token_accessor',
    'auth.client_token',
    'request.client_token',
  ])
  wrapped(record, groups)
  const classified =
    classifyToken(path, groups) ?? classifyLease(record, path, groups) ?? classifyWrapping(path, groups)
  if (classified !== undefined) return { kind: classified, target: undefined }
  if (path.startsWith('sys/policies/') || path.startsWith('sys/policy/'))
    return { kind: configured(record, 'policy-changed'), target: undefined }
  if (/^(?:sys|auth|identity)\//.test(path)) return classifyAdministration(record, path, groups, system)
  const addressed = address(record, system)
  if (SUPERSEDES.has(addressed.kind)) groups.credential(addressed.target)
  groups.lease('lease', 'establishes', [textAt(record, 'response.secret.lease_id')], { by: 'login' })
  return addressed
}

/** After these, what was read before is no longer what the slot holds. */
const SUPERSEDES = new Set<ActivityKind>(['secret-written', 'secret-deleted', 'secret-destroyed'])

function isLogin(record: JsonObject, path: string): boolean {
  if (!path.startsWith('auth/') || textAt(record, 'request.mount_type') === 'token') return false
  return /\/(?:login|callback|auth_url|poll)(?:\/|$)/.test(path) || isObject(at(record, 'response.auth'))
}

/** Logins by a secret that outlives them: the walk stops at the account that the vault authenticated. */
const LONG_LIVED = new Set(['userpass', 'approle', 'ldap', 'radius', 'okta', 'cert', 'github', 'token'])

function classifyLogin(record: JsonObject, groups: Groups, source: SourceInstance): Addressed {
  const issued = groups.token('issued', 'establishes', ['response.auth.accessor', 'response.auth.client_token'], {
    by: 'login',
  })
  wrapped(record, groups)
  const path = textAt(record, 'request.path') ?? ''
  if (!issued) return { kind: /auth_url$/.test(path) ? 'login-started' : 'login', target: undefined }
  const federation = federationOf(source, textAt(record, 'request.mount_point') ?? '')
  const entity = textAt(record, 'response.auth.entity_id')
  const entityKey = entity === undefined ? undefined : makeKey('vault-entity', source.scope, entity)
  // Only an issuer's word binds an entity: an account of the vault's own merely names it.
  if (federation === undefined) groups.add('entity', 'presents', [entityKey], { sideways: true })
  else groups.add('entity', 'binds', [entityKey])
  const account = accountOf(record)
  groups.add('account', 'binds', [account === undefined ? undefined : makeKey('vault-account', source.scope, account)])
  if (federation !== undefined) presentClaims(groups, record, federation)
  return { kind: 'login', target: undefined }
}

/** What was wrapped, and the wrapping token, are made for whoever will hold them. */
function wrapped(record: JsonObject, groups: Groups): void {
  groups.token('wrapping', 'establishes', ['response.wrap_info.accessor', 'response.wrap_info.token'], {
    by: 'handover',
  })
  groups.token('wrapped', 'establishes', ['response.wrap_info.wrapped_accessor'], { by: 'handover' })
}

function classifyToken(path: string, groups: Groups): ActivityKind | undefined {
  const [, verb] = /^auth\/token\/(create|renew|revoke|lookup)/.exec(path) ?? []
  if (verb === 'create') {
    groups.token('issued', 'establishes', ['response.auth.accessor', 'response.auth.client_token'], { by: 'handover' })
    return 'token-created'
  }
  if (verb === 'renew') return 'token-renewed'
  if (verb === 'lookup') return 'operation'
  if (verb !== 'revoke') return undefined
  if (path.endsWith('revoke-self')) groups.token('revoked', 'ends', CALLER)
  else groups.token('revoked', 'ends', ['request.data.token', 'request.data.accessor'])
  return 'token-revoked'
}

const CALLER = ['auth.accessor', 'request.client_token_accessor', 'auth.client_token', 'request.client_token']

function classifyLease(record: JsonObject, path: string, groups: Groups): ActivityKind | undefined {
  const [, verb, inPath] = /^sys\/(?:leases\/)?(renew|revoke)(?:\/(.+))?$/.exec(path) ?? []
  if (verb === undefined) {
    return classifyPrefix(path, groups)
  }
  const named = [inPath, textAt(record, 'request.data.lease_id'), textAt(record, 'request.data.url_lease_id')]
  const answered = textAt(record, 'response.secret.lease_id')
  groups.lease(
    'lease',
    verb === 'revoke' ? 'ends' : 'presents',
    [...named, answered],
    verb === 'renew' ? { sideways: true } : {},
  )
  return verb === 'revoke' ? 'lease-revoked' : 'lease-renewed'
}

/** Revoking a prefix names no lease: the leases under it end, and only the server log says which. */
function classifyPrefix(path: string, groups: Groups): ActivityKind | undefined {
  const [, prefix] = /^sys\/(?:leases\/)?revoke-(?:prefix|force)\/(.+?)\/?$/.exec(path) ?? []
  if (prefix === undefined) return undefined
  groups.scoped('lease-prefix', 'ends', 'vault-lease-prefix', prefix)
  return 'lease-revoked'
}

function classifyWrapping(path: string, groups: Groups): ActivityKind | undefined {
  if (!/^sys\/wrapping\/(?:unwrap|rewrap)$/.test(path)) return undefined
  groups.token('opened', 'presents', ['request.data.token'], { sideways: true })
  groups.token('unwrapped', 'presents', ['response.auth.accessor', 'response.auth.client_token'], { sideways: true })
  return 'response-unwrapped'
}

function classifyAdministration(record: JsonObject, path: string, groups: Groups, system: string): Addressed {
  if (/^auth\/[^/]+\/role\/[^/]+\/secret-id$/.test(path) && textAt(record, 'request.operation') !== 'list') {
    return { kind: configured(record, 'credential-changed'), target: { system, path } }
  }
  return { kind: configured(record, 'configuration-changed'), target: undefined }
}

function configured(record: JsonObject, kind: ActivityKind): ActivityKind {
  const operation = textAt(record, 'request.operation')
  return operation === 'read' || operation === 'list' || operation === 'help' ? 'operation' : kind
}

/** Mount accessor and name of the account: one account is one alias of the vault. */
function accountOf(record: JsonObject): string | undefined {
  const mount = textAt(record, 'request.mount_accessor')
  const name = accountName(record)
  return mount === undefined || name === undefined ? undefined : `${mount}/${name}`
}

function accountName(record: JsonObject): string | undefined {
  const metadata = at(record, 'response.auth.metadata')
  const typed = /\/login\/([^/]+)$/.exec(textAt(record, 'request.path') ?? '')?.[1]
  return textAt(metadata, 'role_name') ?? textAt(metadata, 'username') ?? typed ?? textAt(metadata, 'cert_name')
}

function outcomeOf(record: JsonObject, addressed: Addressed): Outcome {
  const error = textAt(record, 'error')
  if (error !== undefined) return error === 'other error' || error === 'invalid lease' ? 'failed' : 'denied'
  if (at(record, 'auth.policy_results.allowed') === false) return 'denied'
  if (textAt(record, 'type') !== 'response') return 'unknown'
  // A refused JWT login has no error: only the token is missing from its answer.
  if (
    addressed.kind === 'login' &&
    !isObject(at(record, 'response.auth')) &&
    !isObject(at(record, 'response.wrap_info'))
  )
    return 'denied'
  const answersData = addressed.kind === 'secret-read' && !isObject(at(record, 'response.wrap_info'))
  if (at(record, 'response.data.http_status_code') === 404) return 'failed'
  if (answersData && textAt(record, 'request.operation') === 'read' && !isObject(at(record, 'response.data')))
    return 'failed'
  return 'succeeded'
}

/** Attributes that every audit device writes alike: hashed values differ between devices and are left out. */
function attributesOf(record: JsonObject, source: SourceInstance): Attributes {
  const login = isObject(at(record, 'response.auth')) && isLogin(record, textAt(record, 'request.path') ?? '')
  const auth = at(record, login ? 'response.auth' : 'auth')
  const attributes: Record<string, Json | undefined> = {
    operation: textAt(record, 'request.operation'),
    path: textAt(record, 'request.path'),
    address: textAt(record, 'request.remote_address'),
    userAgent: firstHeader(record, 'user-agent'),
    correlationId: firstHeader(record, 'x-correlation-id') ?? firstHeader(record, 'correlation-id'),
    namespace: textAt(record, 'request.namespace.id'),
    mountType: textAt(record, 'request.mount_type'),
    mountPoint: textAt(record, 'request.mount_point'),
    mountAccessor: textAt(record, 'request.mount_accessor'),
    displayName: textAt(auth, 'display_name'),
    entityId: textAt(auth, 'entity_id'),
    tokenType: tokenType(auth),
    policies: names(at(auth, 'policies')),
    grantedBy: granted(record),
    tokenIssuedAt: parseInstant(at(auth, 'token_issue_time')),
    error: textAt(record, 'error'),
    version: version(record),
    ...(login ? loginAttributes(record, source) : callerAttributes(record)),
  }
  if (textAt(record, 'response.wrap_info.creation_path') !== undefined) attributes.wrapped = true
  const created = at(record, 'response.auth')
  if (!login && isObject(created) && textAt(created, 'accessor') !== undefined) {
    attributes.issuedTtlSeconds = at(created, 'token_ttl')
    attributes.issuedTokenType = textAt(created, 'token_type')
  }
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined))
}

function callerAttributes(record: JsonObject): Attributes {
  const root = textAt(record, 'auth.display_name') === 'root' && list(at(record, 'auth.policies')).includes('root')
  return {
    callerTtlSeconds: at(record, 'auth.token_ttl'),
    ...(root ? { callerOrigin: 'root' } : {}),
    ...(isDead(record) ? { refusedAsDead: true } : {}),
  }
}

/** On a live token's denial `auth` is complete; only a revoked, expired or spent token leaves none. */
function isDead(record: JsonObject): boolean {
  const error = textAt(record, 'error')
  return error === 'invalid token' || error === 'invalid wrapping token'
}

function loginAttributes(record: JsonObject, source: SourceInstance): Attributes {
  const method = textAt(record, 'request.mount_type') ?? 'unknown'
  const mount = textAt(record, 'request.mount_point') ?? ''
  const path = textAt(record, 'request.path') ?? ''
  const name = accountName(record)
  const shared = source.sharedIdentities.some((prefix) => path.startsWith(prefix) || mount.startsWith(prefix))
  const federation = federationOf(source, mount)
  const origin =
    LONG_LIVED.has(method) && federation === undefined
      ? 'long-lived'
      : federation === undefined
        ? 'undeclared'
        : 'federated'
  return {
    method,
    origin,
    accountName: name,
    role: textAt(record, 'response.auth.metadata.role'),
    issuedTtlSeconds: at(record, 'response.auth.token_ttl'),
    ...(shared && name !== undefined ? { sharedIdentity: `${method}:${name}` } : {}),
    ...(federation === undefined ? {} : { issuer: issuerScope(federation.issuer.kind, federation.issuer.scope) }),
    ...(federation?.client === undefined ? {} : { issuerClient: federation.client }),
    ...(federation?.sessionMaxMs === undefined ? {} : { sessionMaxMs: federation.sessionMaxMs }),
    // The vault itself exchanges the code while it answers a callback, so the exchange falls inside the request's span.
    ...(path.endsWith('/callback') ? { exchangesCode: true } : {}),
  }
}

function tokenType(auth: Json | undefined): string | undefined {
  const type = textAt(auth, 'token_type')
  return type === 'default' ? undefined : type
}

function granted(record: JsonObject): string[] | undefined {
  const policies = list(at(record, 'auth.policy_results.granting_policies')).map((policy) => textAt(policy, 'name'))
  const named = policies.filter((name) => name !== undefined)
  return named.length === 0 ? undefined : [...new Set(named)].sort()
}

function names(value: Json | undefined): string[] | undefined {
  const found = list(value)
    .map(text)
    .filter((name) => name !== undefined)
  return found.length === 0 ? undefined : [...new Set(found)].sort()
}

function firstHeader(record: JsonObject, name: string): string | undefined {
  return text(list(at(record, `request.headers.${name}`))[0])
}

function version(record: JsonObject): number | undefined {
  const found =
    at(record, 'response.data.metadata.version') ?? at(record, 'response.data.version') ?? record.requested_version
  return typeof found === 'number' ? found : undefined
}
