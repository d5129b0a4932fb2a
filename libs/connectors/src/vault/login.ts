import { issuerScope, text, type Attributes, type JsonObject, type SourceInstance } from '@catena/domain'
import { named } from '../parsing.js'
import { federationOf, presentClaims } from './federation.js'
import type { Groups } from './groups.js'
import { objectOr, type AuditRecord } from './record.js'
import type { Addressed } from './target.js'
import { handOverWrapped, issuedNames } from './tokens.js'

const LOGIN_INSIDE = /^(?:login|(?:oidc\/)?(?:callback|auth_url|poll))(?:\/|$)/
/** Where the record does not tell the mount. */
const LOGIN_ANYWHERE = /^auth\/[^/]+\/(?:.+\/)?(?:login|callback|auth_url|poll)(?:\/|$)/

/** Where a login that needs a second factor is completed, and its token handed out. The record does not tell at which mount it began. */
const SECOND_PHASE = 'sys/mfa/validate'

/** Token roles and policies are no logins although the answer holds a token. */
export function isLogin({ path, inside, issued }: AuditRecord): boolean {
  if (path === SECOND_PHASE) return true
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
  const isComplete = groups.all.length > 0
  addTypedAccount(record, groups, isComplete)
  if (issued === undefined || !isComplete)
    return { kind: isStep(record, issued) ? 'login-started' : 'login', target: undefined }
  const federation = federationOf(source, record)
  const entity = text(issued.entity_id)
  // Only an issuer's word binds an entity: an account of the vault's own merely names it.
  if (federation === undefined) groups.scoped('entity', 'presents', 'vault-entity', entity, { sideways: true })
  else groups.scoped('entity', 'binds', 'vault-entity', entity)
  groups.scoped('account', 'binds', 'vault-account', accountOf(record, issued))
  if (federation !== undefined) presentClaims(groups, issued, federation)
  return { kind: 'login', target: undefined }
}

/**
 * Asking for the URL to sign in at, and asking whether somebody has; the answer that asks for a second factor, which holds no token;
 * and any request whose answer is not known.
 */
function isStep({ path, wrapInfo, isResponse, payload }: AuditRecord, issued: JsonObject | undefined): boolean {
  if (wrapInfo !== undefined) return false
  const isUnanswered = !isResponse && payload.error === undefined
  return isUnanswered || issued !== undefined || /\/(?:auth_url|poll)$/.test(path)
}

/**
 * The name that was typed into the path, as its mask: what a refused login claims is what a successful one was, where the masks are
 * equal. It leads from attempts to an account and proves nothing.
 */
function addTypedAccount(record: AuditRecord, groups: Groups, isComplete: boolean): void {
  const mount = text(record.request.mount_accessor)
  const name = typedName(record)
  if (mount === undefined || name === undefined || !record.isResponse) return
  const trust = isComplete ? 'verified' : 'claimed'
  groups.scoped('typed-account', 'presents', 'vault-account', `${mount}/${name}`, { sideways: true, trust })
}

/** Mount accessor and name of the account: one account is one alias of the vault. */
function accountOf(record: AuditRecord, issued: JsonObject): string | undefined {
  // The second phase is no mount of its own: two people of one name may come from two.
  const mount = record.path === SECOND_PHASE ? undefined : text(record.request.mount_accessor)
  const name = accountName(issued) ?? typedName(record)
  return mount === undefined || name === undefined ? undefined : `${mount}/${name}`
}

function accountName(issued: JsonObject): string | undefined {
  const metadata = objectOr(issued.metadata)
  return named(metadata.role_name) ?? named(metadata.username) ?? named(metadata.cert_name)
}

/** The mask of the name in the path. */
function typedName({ path }: AuditRecord): string | undefined {
  return TYPED_NAME.exec(path)?.[1]
}

const TYPED_NAME = /(?<=\/login\/)([^/]+)$/

/** Logins by a secret that outlives them: the walk stops at the account that the vault authenticated. */
const LONG_LIVED = new Set(['userpass', 'approle', 'ldap', 'radius', 'okta', 'cert', 'github'])

export function loginAttributes(record: AuditRecord, issued: JsonObject, source: SourceInstance): Attributes {
  const method = record.mountType === '' || record.path === SECOND_PHASE ? 'unknown' : record.mountType
  const name = accountName(issued)
  const federation = federationOf(source, record)
  const local = LONG_LIVED.has(method) ? 'long-lived' : 'undeclared'
  return {
    method,
    origin: federation === undefined ? local : 'federated',
    accountName: name,
    role: text(objectOr(issued.metadata).role),
    issuedTtlSeconds: issued.token_ttl,
    sharedIdentity: isShared(record, source, name) && name !== undefined ? `${method}:${name}` : undefined,
    issuer: federation === undefined ? undefined : issuerScope(federation.issuer.kind, federation.issuer.scope),
    issuerClient: federation?.client,
    loginFields: federation === undefined && local === 'long-lived' ? undefined : fieldsOf(issued),
    sessionMaxMs: federation?.sessionMaxMs,
    // The vault itself exchanges the code while it answers a callback, so the exchange falls inside the request's span.
    exchangesCode: record.path.endsWith('/callback') ? true : undefined,
  }
}

/** Metadata in clear, by which an undeclared federation, or a claim that nobody declared, can be recognised. It joins nothing. */
function fieldsOf(issued: JsonObject): Record<string, string> | undefined {
  const fields = Object.entries(objectOr(issued.metadata)).filter(
    (entry): entry is [string, string] =>
      entry[0] !== 'role' && typeof entry[1] === 'string' && !entry[1].startsWith('hmac'),
  )
  return fields.length === 0 ? undefined : Object.fromEntries(fields)
}

/** An account is declared by its login path, with the name that redaction masks there. */
function isShared({ path, mount, inside }: AuditRecord, source: SourceInstance, name: string | undefined): boolean {
  const paths = [path, mount + inside].map((place) => place.replace(TYPED_NAME, () => name ?? ''))
  const places = [mount, ...paths]
  return source.sharedIdentities.some((prefix) => places.some((place) => place.startsWith(prefix)))
}
