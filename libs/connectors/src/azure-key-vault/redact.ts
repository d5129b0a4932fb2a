import { isObject, text, type JsonObject, type Mask } from '@catena/domain'
import { allow, redactBy, shaped, type RuleLiteral } from '../redaction.js'
import { operationOf } from './identify.js'

function keep(...names: readonly string[]): RuleLiteral {
  return Object.fromEntries(names.map((name) => [name, 'keep' as const]))
}

function only(literal: RuleLiteral): RuleLiteral {
  return { '*': 'drop', ...literal }
}

const OBJECT_ID = 'http://schemas.microsoft.com/identity/claims/objectidentifier'
const TENANT_ID = 'http://schemas.microsoft.com/identity/claims/tenantid'
const UPN = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn'

/** Short names and long ones of one claim; the log writes either. */
export const CLAIM_NAMES = {
  oid: ['oid', OBJECT_ID],
  tid: ['tid', TENANT_ID],
  upn: ['upn', UPN],
  appid: ['appid'],
  uti: ['uti'],
  idtyp: ['idtyp'],
  appidacr: ['appidacr'],
  resource: ['xms_mirid', 'xms_az_rid'],
} as const

const CLAIMS = only(keep(...Object.values(CLAIM_NAMES).flat(), 'ipaddr', 'scp'))

const WORD = shaped(/^(?:\d{1,9}|[A-Za-z][A-Za-z0-9 ]{1,40}(?:\.[A-Za-z0-9]{1,20})?)$/)

const ENVELOPE: RuleLiteral = {
  ...keep('time', 'category', 'operationName', 'operationVersion', 'callerIpAddress', 'correlationId', 'tenantId', 'location'),
  resultType: WORD,
  resultSignature: WORD,
  resourceId: 'path',
} // prettier-ignore

const REQUEST = allow(
  only({
    ...ENVELOPE,
    identity: only({ claim: CLAIMS }),
    properties: only({
      id: 'path',
      requestUri: 'path',
      httpStatusCode: 'number',
      ...keep('clientInfo', 'isRbacAuthorized', 'appliedAssignmentId', 'isAccessPolicyMatch', 'isAddressAuthorized'),
      ...keep('addressAuthorizationType', 'trustedService', 'tlsVersion', 'algorithm', 'subscriptionId'),
    }),
  }),
)

const EVIDENCE = only(
  keep('role', 'roleAssignmentScope', 'roleAssignmentId', 'roleDefinitionId', 'principalId', 'principalType'),
)

/** Bodies of calls are left out: of those that list keys they may be the keys. */
const CALL = allow(
  only({
    ...ENVELOPE,
    identity: only({ authorization: only({ scope: 'path', action: 'keep', evidence: EVIDENCE }), claims: CLAIMS }),
  }),
)

const UNKNOWN = allow({ ...keep('time', 'category'), '*': 'mask' })

export function redactKeyVault(record: JsonObject, mask: Mask): JsonObject {
  const operation = operationOf(record)
  if (operation?.kind === undefined) return redactUnknown(record, operation?.name, mask)
  const { properties } = record
  const withoutQuery = isObject(properties) ? { properties: { ...properties, ...uriOf(properties) } } : {}
  return redactBy(operation.stream === 'audit' ? REQUEST : CALL, { ...record, ...withoutQuery }, mask)
}

/** The name of an operation that nobody knows stays, so that it can be told. */
function redactUnknown(record: JsonObject, name: string | undefined, mask: Mask): JsonObject {
  const redacted = redactBy(UNKNOWN, record, mask)
  return name === undefined ? redacted : { ...redacted, operationName: name }
}

/** Behind the question mark stand filters and signatures. */
function uriOf({ requestUri }: JsonObject): JsonObject {
  const uri = text(requestUri)
  return uri === undefined ? {} : { requestUri: uri.split('?')[0] }
}
