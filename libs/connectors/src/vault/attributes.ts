import {
  isObject,
  list,
  parseInstant,
  text,
  type Attributes,
  type Json,
  type JsonObject,
  type SourceInstance,
} from '@catena/domain'
import { withoutUnstated } from '../observation.js'
import { named } from '../parsing.js'
import { isVendorHash } from '../redaction.js'
import { isLogin, loggedIn, loginAttributes } from './login.js'
import { isDead } from './outcome.js'
import { names, textsIn, type AuditRecord } from './record.js'
import { KV2_VERB } from './target.js'

/** Attributes that every audit device writes alike: hashed values differ between devices and are left out. */
export function attributesOf(record: AuditRecord, source: SourceInstance): Attributes {
  const { request } = record
  const login = isLogin(record) ? loggedIn(record) : undefined
  const auth = login ?? record.auth
  return withoutUnstated({
    operation: text(request.operation),
    path: text(request.path),
    address: text(request.remote_address),
    userAgent: header(request, 'user-agent'),
    correlationId: header(request, 'x-correlation-id') ?? header(request, 'correlation-id'),
    namespace: record.namespaceId,
    mountType: text(request.mount_type),
    mountPoint: text(request.mount_point),
    mountAccessor: text(request.mount_accessor),
    displayName: named(auth.display_name),
    entityId: named(auth.entity_id),
    tokenType: tokenType(auth),
    policies: names(textsIn(auth.policies)),
    grantedBy: grantedBy(record.auth),
    tokenIssuedAt: parseInstant(auth.token_issue_time),
    error: text(record.payload.error),
    version: version(record),
    versionAsked: asksForVersion(record.payload) ? true : undefined,
    ...namedVersions(record),
    mapsClaims: mappedClaims(record),
    wrapped: record.wrapInfo === undefined ? undefined : true,
    rewrapped: record.path === 'sys/wrapping/rewrap' ? true : undefined,
    ...decisionIn(record),
    ofLiving: REVOKES_LIVING.test(record.path) ? true : undefined,
    rawValues: holdsRawValues(record) ? true : undefined,
    clearAccessors: showsAccessors(record) ? true : undefined,
    ...(login === undefined ? callerAttributes(record) : loginAttributes(record, login, source)),
  })
}

/** Refused where the token is dead; other revocations say yes then, and end nothing. */
const REVOKES_LIVING = /^auth\/token\/revoke-(?:self|accessor)$/

/** A control group may want several to agree: the answer says whether that is enough. */
function decisionIn({ path, auth, answer }: AuditRecord): Attributes {
  if (path !== 'sys/control-group/authorize' || answer === undefined) return {}
  return { decision: answer.approved === true ? 'approved' : 'proposed approved', approver: text(auth.display_name) }
}

function callerAttributes(record: AuditRecord): Attributes {
  const { auth, issued } = record
  const isRoot = auth.display_name === 'root' && list(auth.policies).includes('root')
  const made = issued !== undefined && text(issued.accessor) !== undefined ? issued : undefined
  return {
    callerTtlSeconds: auth.token_ttl,
    callerOrigin: isRoot ? 'root' : undefined,
    refusedAsDead: isDead(record) ? true : undefined,
    issuedTtlSeconds: made?.token_ttl,
    issuedTokenType: text(made?.token_type),
  }
}

/** Only a device with `log_raw` writes a token otherwise than hashed; redaction has masked it since. */
function holdsRawValues({ auth, request, issued, wrapInfo }: AuditRecord): boolean {
  return [auth.client_token, request.client_token, issued?.client_token, wrapInfo?.token].some(isClear)
}

/** Devices with `hmac_accessor=false`: the setting that joins records across salts, and lets readers of the log revoke. */
function showsAccessors({ auth, request, issued, wrapInfo }: AuditRecord): boolean {
  return [auth.accessor, request.client_token_accessor, issued?.accessor, wrapInfo?.accessor].some(isClear)
}

function isClear(value: Json | undefined): boolean {
  return typeof value === 'string' && named(value) !== undefined && !isVendorHash(value)
}

function tokenType(auth: JsonObject): string | undefined {
  const type = text(auth.token_type)
  return type === 'default' ? undefined : type
}

function grantedBy({ policy_results }: JsonObject): string[] | undefined {
  if (!isObject(policy_results)) return undefined
  return names(
    list(policy_results.granting_policies).map((policy) => (isObject(policy) ? text(policy.name) : undefined)),
  )
}

function header({ headers }: JsonObject, name: string): string | undefined {
  return isObject(headers) ? text(list(headers[name])[0]) : undefined
}

function asksForVersion({ requested_version, requested_some_version }: JsonObject): boolean {
  return requested_version !== undefined || requested_some_version !== undefined
}

function version({ answer, payload }: AuditRecord): number | undefined {
  const metadata = answer?.metadata
  const found = (isObject(metadata) ? metadata.version : undefined) ?? answer?.version ?? payload.requested_version
  return typeof found === 'number' ? found : undefined
}

/**
 * Versions that the request named, as a list, a text or a number: a vault carries out none that names none. Where the device hashed them, only that it
 * named some is known. A deletion of the data is of the newest version, whichever that is.
 */
function namedVersions({ body, inside, operation }: AuditRecord): Attributes {
  const [, verb] = KV2_VERB.exec(inside) ?? []
  if (verb === 'data' && operation === 'delete') return { ofNewest: true }
  if (verb !== 'delete' && verb !== 'undelete' && verb !== 'destroy') return {}
  const { versions } = body
  // Whoever asked wrote the body: what is neither a text nor a number is no version.
  const named = (Array.isArray(versions) ? versions : [versions]).map((version) => Number(text(version) ?? NaN))
  return named.length > 0 && named.every(Number.isSafeInteger)
    ? { versions: [...new Set(named)].sort((a, b) => a - b) }
    : { versionsHidden: true }
}

/**
 * Claims that a role copies into the metadata of its logins. In which fields it puts them is hashed, and differs between devices. Of a role
 * that is changed without naming them, nothing is said: they stay as they were.
 */
function mappedClaims({ path, operation, body }: AuditRecord): string[] | undefined {
  if (!/^auth\/.+\/role\/[^/]+$/.test(path) || (operation !== 'create' && operation !== 'update')) return undefined
  if (isObject(body.claim_mappings)) return Object.keys(body.claim_mappings).sort()
  return operation === 'create' ? [] : undefined
}
