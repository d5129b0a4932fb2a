import type { JsonObject, Mask } from '@catena/domain'
import { allow, redactBy, type RuleLiteral } from '../redaction.js'
import { callOf } from './identify.js'

function keep(...names: readonly string[]): RuleLiteral {
  return Object.fromEntries(names.map((name) => [name, 'keep' as const]))
}

function only(literal: RuleLiteral): RuleLiteral {
  return { '*': 'drop', ...literal }
}

const AUTHENTICATION = only({
  ...keep('principalEmail', 'principalSubject', 'serviceAccountKeyName'),
  serviceAccountDelegationInfo: only({
    principalSubject: 'keep',
    firstPartyPrincipal: only(keep('principalEmail')),
  }),
  oauthInfo: only(keep('oauthClientId')),
})

const AUTHORIZATION = only({ ...keep('permission', 'granted', 'permissionType'), resource: 'path' })

const ENVELOPE: RuleLiteral = {
  ...keep('insertId', 'logName', 'timestamp', 'receiveTimestamp', 'severity'),
  resource: only({ type: 'keep', labels: only(keep('project_id', 'location', 'service', 'method', 'unique_id', 'email_id')) }),
  operation: only(keep('id', 'producer', 'first', 'last')),
} // prettier-ignore

/** Bodies: names only. Those of secrets hold secrets, those of all others may. */
const REQUEST = only({
  name: 'path',
  parent: 'path',
  secretId: 'keep',
  resource: 'path',
  lifetime: 'keep',
  audience: 'keep',
  grantType: 'keep',
})
const RESPONSE = only({ name: 'path', validBeforeTime: 'keep', key_type: 'keep' })

const BINDING_DELTA = only(keep('action', 'role', 'member'))

function entry(payload: RuleLiteral): ReturnType<typeof allow> {
  return allow(
    only({
      ...ENVELOPE,
      protoPayload: only({
        ...keep('@type', 'serviceName', 'methodName'),
        resourceName: 'path',
        status: only({ code: 'number' }),
        authenticationInfo: AUTHENTICATION,
        authorizationInfo: AUTHORIZATION,
        requestMetadata: only(keep('callerIp', 'callerIP', 'callerSuppliedUserAgent')),
        ...payload,
      }),
    }),
  )
}

const GUARDED = entry({
  request: REQUEST,
  response: RESPONSE,
  metadata: only({ mapped_principal: 'keep' }),
  serviceData: only({ policyDelta: only({ bindingDeltas: BINDING_DELTA }) }),
})
const OTHER = entry({ serviceData: only({ policyDelta: only({ bindingDeltas: BINDING_DELTA }) }) })

/** Services whose bodies name what a call concerns. */
const GUARDIANS = new Set(['secretmanager', 'iam', 'iamcredentials', 'sts', 'cloudkms', 'apikeys'])

export function redactLogEntry(record: JsonObject, mask: Mask): JsonObject {
  const call = callOf(record)
  if (call !== undefined) return redactBy(GUARDIANS.has(call.service) ? GUARDED : OTHER, record, mask)
  return redactBy(UNKNOWN_OF_NAMED, record, mask)
}

/** Of what nobody has read yet, the method's name stays where it reads as one. */
const UNKNOWN_OF_NAMED = allow({
  ...keep('insertId', 'logName', 'timestamp', 'receiveTimestamp'),
  '*': 'mask',
  protoPayload: { serviceName: 'keep', methodName: 'keep', '*': 'mask' },
})
