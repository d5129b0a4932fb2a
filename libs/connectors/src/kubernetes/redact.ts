import { isObject, type JsonObject, type Mask } from '@catena/domain'
import { allow, redactBy, type RuleLiteral } from '../redaction.js'
import { isEvent, typeOf } from './identify.js'

function keep(...names: readonly string[]): RuleLiteral {
  return Object.fromEntries(names.map((name) => [name, 'keep' as const]))
}

function only(literal: RuleLiteral): RuleLiteral {
  return { '*': 'drop', ...literal }
}

/** Extra attributes that the API server itself sets; those of webhooks may hold anything. */
export const AUTHENTICATION = 'authentication.kubernetes.io/'
const EXTRA = ['pod-name', 'pod-uid', 'node-name', 'node-uid', 'credential-id'].map((name) => AUTHENTICATION + name)

const USER = only({ ...keep('username', 'uid', 'groups'), extra: only(keep(...EXTRA)) })

export const DECISION = 'authorization.k8s.io/decision'
export const REASON = 'authorization.k8s.io/reason'
export const ISSUED = `${AUTHENTICATION}issued-credential-id`
/** Namespace and name of the Secret that holds a token of the old kind. */
export const LEGACY_TOKEN = 'authentication.k8s.io/legacy-token'

/** The only value that the API takes; all others are refused. */
const DRY_RUN = 'dryRun=All'

export function isDryRun({ requestURI }: JsonObject): boolean {
  return typeof requestURI === 'string' && requestURI.endsWith(`?${DRY_RUN}`)
}

const ENVELOPE = only({
  ...keep('kind', 'apiVersion', 'level', 'auditID', 'stage', 'verb', 'sourceIPs', 'userAgent'),
  ...keep('requestReceivedTimestamp', 'stageTimestamp'),
  requestURI: 'path',
  user: USER,
  impersonatedUser: USER,
  objectRef: only(keep('resource', 'namespace', 'name', 'uid', 'apiGroup', 'apiVersion', 'subresource', 'resourceVersion')),
  responseStatus: only({ ...keep('status', 'reason'), code: 'number' }),
  annotations: only(keep(DECISION, REASON, ISSUED, LEGACY_TOKEN)),
}) // prettier-ignore

/** What a token was asked for, and until when it lasts: never the token. */
const TOKEN_BODIES: RuleLiteral = {
  requestObject: only({
    spec: only({
      audiences: 'keep',
      expirationSeconds: 'number',
      boundObjectRef: only(keep('kind', 'apiVersion', 'name', 'uid')),
    }),
  }),
  responseObject: only({ status: only({ expirationTimestamp: 'keep' }) }),
}

const BINDING_BODIES: RuleLiteral = {
  requestObject: only({
    roleRef: only(keep('apiGroup', 'kind', 'name')),
    subjects: only(keep('kind', 'name', 'namespace', 'apiGroup')),
  }),
}

const PLAIN = allow(ENVELOPE)
const TOKEN = allow({ ...ENVELOPE, ...TOKEN_BODIES })
const BINDING = allow({ ...ENVELOPE, ...BINDING_BODIES })
const NO_EVENT = allow(
  only(keep('kind', 'apiVersion', 'auditID', 'stage', 'requestReceivedTimestamp', 'stageTimestamp')),
)

/** Bodies of requests and answers are left out: those of secrets are secrets, those of all others may be. */
export function redactEvent(record: JsonObject, mask: Mask): JsonObject {
  if (!isEvent(record)) return redactBy(NO_EVENT, record, mask)
  const type = typeOf(record)
  const rule = / serviceaccounts\/token$/.test(type) ? TOKEN : / (?:cluster)?rolebindings$/.test(type) ? BINDING : PLAIN
  return redactBy(rule, { ...record, requestURI: pathOf(record.requestURI), ...refOf(record) }, mask)
}

/**
 * Behind the question mark stand the commands of an exec, with whatever was typed into them. Only that nothing was to be stored is kept of
 * it: such a request is answered like any other.
 */
function pathOf(uri: JsonObject[string]): string | undefined {
  if (typeof uri !== 'string') return undefined
  const [path = '', query = ''] = uri.split('?')
  return query.split('&').includes(DRY_RUN) ? `${path}?${DRY_RUN}` : path
}

/** An object is named in clear where it is one of the API's; other members of a reference nobody needs. */
function refOf({ objectRef }: JsonObject): JsonObject {
  return isObject(objectRef) ? { objectRef } : {}
}
