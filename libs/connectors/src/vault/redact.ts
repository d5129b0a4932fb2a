import { isObject, text, type JsonObject, type Mask, type SourceInstance } from '@catena/domain'
import { allow, KEPT_LENGTH_MAX, redactBy, type Rule } from '../redaction.js'
import { classifyError } from './error-class.js'
import { isKnownHalf } from './identify.js'
import { ADMINISTRATION, insideOf, mountOf, objectOr } from './record.js'
import { AUDIT, AUDIT_OF_FLAT_STORES, AUDIT_OF_KV2, AUDIT_OF_KV2_VERSIONS, SERVER, UNKNOWN } from './rules.js'
import { TOLD_MESSAGES } from './server-messages.js'
import { KV2_VERB } from './target.js'
import { withoutTypedName, withoutTypedNameInLease } from './typed-name.js'

/** Bodies of secret stores are secrets through and through: even the names of their members go. */
const STORES = new Set(['kv', 'generic', 'cubbyhole', 'ns_cubbyhole'])

export function redactAudit(record: JsonObject, mask: Mask, source: SourceInstance): JsonObject {
  if (!isKnownHalf(record)) return redactBy(UNKNOWN, record, mask)
  const request = objectOr(record.request)
  const rule = ruleFor(request)
  const redacted = redactBy(rule, record, mask)
  const error = text(record.error)
  if (error !== undefined) redacted.error = classifyError(error)
  noteVersion(request, redacted, rule === AUDIT_OF_KV2 && text(request.operation) === 'read')
  maskTypedName(record, redacted, mask)
  maskTokenInPath(objectOr(redacted.request), 'path', mask)
  maskTokenInPath(objectOr(objectOr(redacted.response).wrap_info), 'creation_path', mask)
  dropInlineLogin(redacted)
  if (rule === AUDIT || !READS.has(text(request.operation) ?? '')) noteRefusal(record, redacted)
  keepClaims(record, redacted, mask, source)
  return redacted
}

const declaredFields = new WeakMap<SourceInstance, Rule>()

/** Whatever their names: without these fields the claims that the operator declared would join nothing. */
function keepClaims(record: JsonObject, redacted: JsonObject, mask: Mask, source: SourceInstance): void {
  if (source.federations.length === 0) return
  const rule = declaredFields.get(source) ?? ruleOfClaims(source)
  declaredFields.set(source, rule)
  for (const [from, to] of [
    [record.auth, redacted.auth],
    [objectOr(record.response).auth, objectOr(redacted.response).auth],
  ]) {
    const metadata = objectOr(from).metadata
    if (isObject(metadata) && isObject(to))
      to.metadata = { ...objectOr(to.metadata), ...redactBy(rule, metadata, mask) }
  }
}

function ruleOfClaims(source: SourceInstance): Rule {
  const fields = source.federations.flatMap((federation) => Object.values(federation.claims))
  return allow({ ...Object.fromEntries(fields.map((field) => [field, 'keep' as const])), '*': 'drop' })
}

function ruleFor(request: JsonObject): Rule {
  const path = text(request.path) ?? ''
  const mountType = text(request.mount_type)
  // Old vaults do not write the mount's type; then whatever is no administration may be a store.
  const isStore = mountType === undefined ? !ADMINISTRATION.test(path) : STORES.has(mountType)
  if (!isStore) return AUDIT
  const [, verb] = KV2_VERB.exec(insideOf(path, mountOf(request, path))) ?? []
  if (verb === undefined) return AUDIT_OF_FLAT_STORES
  return NAMES_VERSIONS.has(verb) ? AUDIT_OF_KV2_VERSIONS : AUDIT_OF_KV2
}

/** Requests whose body names versions of the secret and nothing else. */
const NAMES_VERSIONS = new Set(['delete', 'undelete', 'destroy'])

/** A wrapped login tells the path a second time. */
function maskTypedName(record: JsonObject, redacted: JsonObject, mask: Mask): void {
  const request = objectOr(record.request)
  const path = text(request.path)
  if (path === undefined || path.length > KEPT_LENGTH_MAX) return
  const masked = withoutTypedName(path, mountOf(request, path), mask)
  if (masked === path) return
  objectOr(redacted.request).path = masked
  const told = objectOr(objectOr(redacted.response).wrap_info)
  if (objectOr(objectOr(record.response).wrap_info).creation_path === path) told.creation_path = masked
}

/** Headers in which a client of OpenBao sends its password or token along with a request, where an operator has them audited. */
const INLINE_LOGIN = /^x-vault-inline-auth-parameter/i

function dropInlineLogin(redacted: JsonObject): void {
  const request = objectOr(redacted.request)
  const headers = Object.entries(objectOr(request.headers))
  const others = headers.filter(([name]) => !INLINE_LOGIN.test(name))
  if (others.length < headers.length) request.headers = Object.fromEntries(others)
}

/** Older clients put a token into the path; an installation may choose tokens that have no shape. */
const TOKEN_IN_PATH = /^(auth\/token\/(?:lookup|renew|revoke|revoke-orphan)\/)(.+)$/s

function maskTokenInPath(told: JsonObject, member: 'path' | 'creation_path', mask: Mask): void {
  const path = told[member]
  if (typeof path !== 'string' || !path.startsWith('auth/token/')) return
  const [, verb, token] = TOKEN_IN_PATH.exec(path) ?? []
  if (verb !== undefined && token !== undefined && !token.startsWith('hmac:')) told[member] = verb + mask(token)
}

/** A secret read from a store may have a member of any name, `error` too. */
const READS = new Set(['', 'read', 'list'])

/** Engines refuse with a body that holds nothing but the error, and no error beside it. */
function noteRefusal(record: JsonObject, redacted: JsonObject): void {
  const answer = objectOr(record.response).data
  if (!isObject(answer) || !isObject(redacted.response) || text(answer.error) === undefined) return
  if (Object.keys(answer).length === 1) redacted.response.data = { error: 'refused' }
}

/**
 * Version 0 asks for the newest. OpenBao and old vaults write no query, and of the data that they make of it, a device hashes the number: then only that
 * there was one is known, and 0 may be it.
 */
function noteVersion(request: JsonObject, redacted: JsonObject, isRead: boolean): void {
  const [, told] = /[?&]version=(\d{1,9})(?:&|$)/.exec(text(request.request_uri) ?? '') ?? []
  const asked = told ?? (isRead ? objectOr(request.data).version : undefined)
  if (asked === undefined || asked === null || asked === '') return
  const version = typeof asked === 'number' ? String(asked) : asked
  if (typeof version !== 'string' || !/^\d{1,9}$/.test(version)) redacted.requested_some_version = true
  else if (Number(version) > 0) redacted.requested_version = Number(version)
}

export function redactServer(record: JsonObject, mask: Mask): JsonObject {
  const redacted = redactBy(SERVER, record, mask)
  const message = record['@message']
  if (typeof message === 'string' && TOLD_MESSAGES.has(message)) redacted['@message'] = message
  if (typeof record.lease_id === 'string') {
    const leaseId = withoutTypedNameInLease(record.lease_id, mask)
    if (leaseId !== record.lease_id) redacted.lease_id = leaseId
  }
  return redacted
}
