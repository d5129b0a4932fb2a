import { embedded, shaped, type RuleLiteral } from '../redaction.js'

export function keep(...names: readonly string[]): RuleLiteral {
  return Object.fromEntries(names.map((name) => [name, 'keep' as const]))
}

/** The named members, and none besides. */
export function only(literal: RuleLiteral): RuleLiteral {
  return { '*': 'drop', ...literal }
}

/** A number, as text or not, or a word. */
const RESULT = shaped(/^(?:\d{1,9}|[A-Za-z]{2,20})$/)

export const WRAPPER: RuleLiteral = {
  ...keep('time', 'category', 'operationName', 'tenantId', 'callerIpAddress', 'correlationId', 'resourceId'),
  resultType: RESULT,
}

const STATUS = only({ errorCode: 'number' })

const DEVICE = only(keep('deviceId', 'trustType', 'isManaged', 'isCompliant'))

const IDENTITY: RuleLiteral = keep('userId', 'userPrincipalName', 'servicePrincipalId', 'servicePrincipalName')

export const SIGN_IN: RuleLiteral = {
  ...keep('id', 'createdDateTime', 'correlationId', 'uniqueTokenIdentifier', 'sessionId', 'originalRequestId'),
  ...IDENTITY,
  ...keep('appId', 'appDisplayName', 'resourceId', 'resourceDisplayName', 'resourceServicePrincipalId', 'resourceTenantId'),
  ...keep('homeTenantId', 'ipAddress', 'clientAppUsed', 'isInteractive', 'signInEventTypes', 'incomingTokenType'),
  ...keep('clientCredentialType', 'servicePrincipalCredentialKeyId', 'servicePrincipalCredentialThumbprint'),
  ...keep('federatedCredentialId', 'managedIdentityType', 'authenticationProtocol', 'authenticationRequirement'),
  ...keep('conditionalAccessStatus', 'crossTenantAccessType', 'userType', 'riskLevelDuringSignIn', 'riskState', 'tokenIssuerType'),
  userAgent: 'keep',
  status: STATUS,
  deviceDetail: DEVICE,
  authenticationDetails: only(keep('authenticationMethod', 'succeeded')),
  managedServiceIdentity: only({ ...keep('msiType', 'federatedTokenId', 'federatedTokenIssuer'), associatedResourceId: 'path' }),
  agent: only(keep('agentType', 'parentAppId')),
} // prettier-ignore

/** Nobody was found under this name, so it may be anything that was typed into the field: a password, too. */
export const SIGN_IN_OF_NOBODY: RuleLiteral = { ...SIGN_IN, userPrincipalName: 'mask' }

const USER = only({ ...keep('id', 'displayName', 'userPrincipalName', 'ipAddress', 'homeTenantId') })
const APP = only(keep('appId', 'displayName', 'servicePrincipalId', 'servicePrincipalName'))

/** Changed values that name whom or what a change concerns; those of all other properties may be anything. */
const NAMING = new Set([
  'Group.ObjectID', 'Group.DisplayName', 'Role.ObjectID', 'Role.DisplayName', 'Role.TemplateId', 'AppRole.Id', 'AppRole.Value',
  'AccountEnabled', 'User.ObjectID', 'User.UPN', 'ServicePrincipal.ObjectID', 'TargetId.ServicePrincipalNames',
]) // prettier-ignore

export function isNaming(property: string): boolean {
  return NAMING.has(property)
}

/** Values are JSON inside a text: `"\"62e90394-…\""`. */
export const NAMED_PROPERTY: RuleLiteral = only({
  displayName: 'keep',
  newValue: embedded('keep'),
  oldValue: embedded('keep'),
})
export const OTHER_PROPERTY: RuleLiteral = only({ displayName: 'keep' })

/** Details of privileged access; justifications and tickets' texts are people's own words. */
const DETAIL_KEYS =
  /^(?:RequestId|RoleDefinitionOriginId|RoleDefinitionOriginType|TemplateId|StartTime|ExpirationTime|TicketNumber|TicketSystem|oid|tid|AppId|InvitationId|PolicyId|AccessPackageId|RequestState|RequestType)$/

export function isDetail(key: string): boolean {
  return DETAIL_KEYS.test(key)
}

export const TARGET: RuleLiteral = {
  ...keep('id', 'displayName', 'type', 'userPrincipalName', 'groupType'),
}

export const AUDIT: RuleLiteral = {
  ...keep('id', 'activityDateTime', 'activityDisplayName', 'category', 'correlationId', 'loggedByService', 'operationType', 'result'),
  initiatedBy: only({ user: USER, app: APP }),
  justification: 'mask',
} // prettier-ignore

export const GRAPH: RuleLiteral = {
  ...keep(
    'timeGenerated',
    'requestId',
    'operationId',
    'clientRequestId',
    'apiVersion',
    'requestMethod',
    'signInActivityId',
  ),
  ...keep(
    'ipAddress',
    'userAgent',
    'roles',
    'scopes',
    'userId',
    'servicePrincipalId',
    'appId',
    'sessionId',
    'tokenIssuedAt',
  ),
  responseStatusCode: shaped(/^\d{3}$/),
  requestUri: 'path',
}

export const RISK: RuleLiteral = {
  ...keep(
    'id',
    'activityDateTime',
    'detectedDateTime',
    'riskEventType',
    'riskLevel',
    'riskState',
    'riskDetail',
    'source',
  ),
  ...IDENTITY,
  ...keep('appId', 'ipAddress', 'correlationId', 'requestId'),
}

/** Of what nobody has read yet. */
export const UNKNOWN: RuleLiteral = { ...WRAPPER, '*': 'mask' }
