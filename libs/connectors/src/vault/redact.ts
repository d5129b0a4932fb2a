import { isObject, text, type JsonObject, type Mask, type SourceInstance } from '@catena/domain'
import { allow, redactBy, type Rule } from '../redaction.js'
import { classifyError } from './error-class.js'
import { isKnownHalf } from './identify.js'
import { ADMINISTRATION, insideOf, mountOf, objectOr } from './record.js'
import { AUDIT, AUDIT_OF_FLAT_STORES, AUDIT_OF_KV2, SERVER, UNKNOWN } from './rules.js'
import { KV2_VERB } from './target.js'

/** Bodies of secret stores are secrets through and through: even the names of their members go. */
const STORES = new Set(['kv', 'generic', 'cubbyhole', 'ns_cubbyhole'])

export function redactAudit(record: JsonObject, mask: Mask, source: SourceInstance): JsonObject {
  if (!isKnownHalf(record)) return redactBy(UNKNOWN, record, mask)
  const request = objectOr(record.request)
  const rule = ruleFor(request)
  const redacted = redactBy(rule, record, mask)
  const error = text(record.error)
  if (error !== undefined) redacted.error = classifyError(error)
  const version = requestedVersion(request.request_uri)
  if (version !== undefined) redacted.requested_version = version
  maskTokenInPath(objectOr(redacted.request), mask)
  if (rule === AUDIT) noteRefusal(record, redacted)
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
  return KV2_VERB.test(insideOf(path, mountOf(request, path))) ? AUDIT_OF_KV2 : AUDIT_OF_FLAT_STORES
}

/** Older clients put a token into the path; an installation may choose tokens that have no shape. */
const TOKEN_IN_PATH = /^(auth\/token\/(?:lookup|renew|revoke|revoke-orphan)\/)(.+)$/s

function maskTokenInPath(request: JsonObject, mask: Mask): void {
  const { path } = request
  if (typeof path !== 'string' || !path.startsWith('auth/token/')) return
  const [, verb, token] = TOKEN_IN_PATH.exec(path) ?? []
  if (verb !== undefined && token !== undefined && !token.startsWith('hmac:')) request.path = verb + mask(token)
}

/** Engines refuse with a body that holds nothing but the error, and no error beside it. */
function noteRefusal(record: JsonObject, redacted: JsonObject): void {
  const answer = objectOr(record.response).data
  if (!isObject(answer) || !isObject(redacted.response) || text(answer.error) === undefined) return
  if (Object.keys(answer).length === 1) redacted.response.data = { error: 'refused' }
}

/** Version 0 asks for the newest. */
function requestedVersion(uri: JsonObject[string]): number | undefined {
  const match = typeof uri === 'string' ? /[?&]version=(\d{1,9})(?:&|$)/.exec(uri) : null
  return match ? Number(match[1]) || undefined : undefined
}

/** Messages of the server log that hold no value of their own. */
const PLAIN_MESSAGES = new Set(['revoked lease', 'failed to revoke lease', 'lease revocation failed'])

export function redactServer(record: JsonObject, mask: Mask): JsonObject {
  const redacted = redactBy(SERVER, record, mask)
  const message = record['@message']
  if (typeof message === 'string' && PLAIN_MESSAGES.has(message)) redacted['@message'] = message
  return redacted
}
