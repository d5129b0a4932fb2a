import { issuerScope, text, type Attributes, type JsonObject, type SourceInstance } from '@catena/domain'
import { federationOf, presentClaims } from './federation.js'
import type { Groups } from './groups.js'
import { objectOr, type AuditRecord } from './record.js'
import type { Addressed } from './target.js'
import { handOverWrapped, issuedNames } from './tokens.js'

const LOGIN_INSIDE = /^(?:login|(?:oidc\/)?(?:callback|auth_url|poll))(?:\/|$)/
/** Where the record does not tell the mount. */
const LOGIN_ANYWHERE = /^auth\/[^/]+\/(?:.+\/)?(?:login|callback|auth_url|poll)(?:\/|$)/

/** Token roles and policies are no logins although the answer holds a token. */
export function isLogin({ path, inside, issued }: AuditRecord): boolean {
  if (!path.startsWith('auth/') || path.startsWith('auth/token/')) return false
  return issued !== undefined || (inside === path ? LOGIN_ANYWHERE.test(path) : LOGIN_INSIDE.test(inside))
}

/** Who logged in. Where the response was wrapped it holds no token, and the identity stands outside of it. */
export function loggedIn({ auth, issued, wrapInfo, isResponse }: AuditRecord): JsonObject | undefined {
  return issued ?? (wrapInfo !== undefined && isResponse ? auth : undefined)
}

export function classifyLogin(record: AuditRecord, groups: Groups, source: SourceInstance): Addressed {
  const issued = loggedIn(record)
  const isWrapped = record.wrapInfo !== undefined
  if (isWrapped) handOverWrapped(record, groups, [text(issued?.accessor), text(issued?.client_token)])
  else groups.token('issued', 'establishes', issuedNames(record), { by: 'login' })
  if (issued === undefined || groups.all.length === 0)
    return { kind: isStep(record) ? 'login-started' : 'login', target: undefined }
  const federation = federationOf(source, record)
  const entity = text(issued.entity_id)
  // Only an issuer's word binds an entity: an account of the vault's own merely names it.
  if (federation === undefined) groups.scoped('entity', 'presents', 'vault-entity', entity, { sideways: true })
  else groups.scoped('entity', 'binds', 'vault-entity', entity)
  groups.scoped('account', 'binds', 'vault-account', accountOf(record, issued))
  if (federation !== undefined) presentClaims(groups, issued, federation)
  return { kind: 'login', target: undefined }
}

/** Asking for the URL to sign in at, and asking whether somebody has. */
function isStep({ path, wrapInfo }: AuditRecord): boolean {
  return wrapInfo === undefined && /\/(?:auth_url|poll)$/.test(path)
}

/** Mount accessor and name of the account: one account is one alias of the vault. */
function accountOf(record: AuditRecord, issued: JsonObject): string | undefined {
  const mount = text(record.request.mount_accessor)
  const name = accountName(record, issued)
  return mount === undefined || name === undefined ? undefined : `${mount}/${name}`
}

function accountName({ path }: AuditRecord, issued: JsonObject): string | undefined {
  const metadata = objectOr(issued.metadata)
  const typed = /\/login\/([^/]+)$/.exec(path)?.[1]
  return text(metadata.role_name) ?? text(metadata.username) ?? typed ?? text(metadata.cert_name)
}

/** Logins by a secret that outlives them: the walk stops at the account that the vault authenticated. */
const LONG_LIVED = new Set(['userpass', 'approle', 'ldap', 'radius', 'okta', 'cert', 'github'])

export function loginAttributes(record: AuditRecord, issued: JsonObject, source: SourceInstance): Attributes {
  const method = record.mountType === '' ? 'unknown' : record.mountType
  const name = accountName(record, issued)
  const federation = federationOf(source, record)
  const local = LONG_LIVED.has(method) ? 'long-lived' : 'undeclared'
  return {
    method,
    origin: federation === undefined ? local : 'federated',
    accountName: name,
    role: text(objectOr(issued.metadata).role),
    issuedTtlSeconds: issued.token_ttl,
    sharedIdentity: isShared(record, source) && name !== undefined ? `${method}:${name}` : undefined,
    issuer: federation === undefined ? undefined : issuerScope(federation.issuer.kind, federation.issuer.scope),
    issuerClient: federation?.client,
    sessionMaxMs: federation?.sessionMaxMs,
    // The vault itself exchanges the code while it answers a callback, so the exchange falls inside the request's span.
    exchangesCode: record.path.endsWith('/callback') ? true : undefined,
  }
}

function isShared({ path, mount, inside }: AuditRecord, source: SourceInstance): boolean {
  const places = [path, mount, mount + inside]
  return source.sharedIdentities.some((prefix) => places.some((place) => place.startsWith(prefix)))
}
