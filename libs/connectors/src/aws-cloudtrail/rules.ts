import { shaped, type RuleLiteral } from '../redaction.js'

/** The named members as they are, and none besides. */
function only(literal: RuleLiteral): RuleLiteral {
  return { '*': 'drop', ...literal }
}

function keep(...names: readonly string[]): RuleLiteral {
  return Object.fromEntries(names.map((name) => [name, 'keep' as const]))
}

/** The id of an access key joins records, so its hash stays; its first letters say whether it lasts. */
export const ACCESS_KEY: RuleLiteral = { accessKeyId: 'mask', accessKeyPrefix: shaped(/^A[KS]IA$/) }

const ISSUER = only({ type: 'keep', principalId: 'keep', arn: 'path', accountId: 'keep', userName: 'keep' })

export const USER_IDENTITY = only({
  ...keep('type', 'principalId', 'accountId', 'userName', 'invokedBy', 'identityProvider'),
  ...ACCESS_KEY,
  arn: 'path',
  aRN: 'path',
  onBehalfOf: only(keep('userId', 'identityStoreArn')),
  sessionContext: only({
    attributes: only(keep('creationDate', 'mfaAuthenticated')),
    sessionIssuer: ISSUER,
    webIdFederationData: only(keep('federatedProvider')),
    sourceIdentity: 'keep',
    assumedRoot: 'keep',
  }),
})

/** What every event has, whatever its name. */
export const ENVELOPE: RuleLiteral = {
  ...keep('eventVersion', 'eventTime', 'eventSource', 'eventName', 'eventType', 'eventCategory', 'eventID'),
  ...keep('sharedEventID', 'requestID', 'awsRegion', 'recipientAccountId', 'readOnly', 'managementEvent', 'apiVersion'),
  ...keep('sourceIPAddress', 'errorCode', 'vpcEndpointId', 'vpcEndpointAccountId', 'sessionCredentialFromConsole'),
  userAgent: 'keep',
}

const RESOURCES = only({ ARN: 'path', arn: 'path', accountId: 'keep', type: 'keep' })

const SESSION_REQUEST = only({
  ...keep('roleArn', 'roleSessionName', 'name', 'sourceIdentity', 'principalArn', 'sAMLAssertionID', 'webIdentityTokenId'),
  durationSeconds: 'number',
  externalId: 'mask',
}) // prettier-ignore

const SESSION_RESPONSE = only({
  ...keep('subjectFromWebIdentityToken', 'subject', 'subjectType', 'issuer', 'audience', 'provider', 'sourceIdentity'),
  credentials: only({ ...ACCESS_KEY, expiration: 'keep' }),
  assumedRoleUser: only(keep('assumedRoleId', 'arn')),
  federatedUser: only(keep('federatedUserId', 'arn')),
})

const SECRET_REQUEST = only({
  ...keep('versionId', 'versionStage', 'versionStages', 'moveToVersionId', 'removeFromVersionId', 'forceDeleteWithoutRecovery'),
  clientRequestToken: 'keep',
  secretId: 'path',
  name: 'path',
  recoveryWindowInDays: 'number',
}) // prettier-ignore

const PARAMETER_REQUEST = only({
  name: 'path',
  names: 'path',
  path: 'path',
  ...keep('withDecryption', 'recursive', 'type', 'overwrite', 'labels'),
  parameterVersion: 'number',
})

const IAM_REQUEST = only({
  ...keep('userName', 'roleName', 'groupName', 'policyName', 'policyArn', 'status', 'setAsDefault', 'versionId'),
  ...ACCESS_KEY,
})

const IAM_THING = (name: string): RuleLiteral => only(keep(`${name}Id`, `${name}Name`, 'arn', 'createDate'))

const IAM_RESPONSE = only({
  accessKey: only({ ...keep('userName', 'status', 'createDate'), ...ACCESS_KEY }),
  user: IAM_THING('user'),
  role: IAM_THING('role'),
  group: IAM_THING('group'),
  policy: IAM_THING('policy'),
})

const KMS_REQUEST = only({
  ...keep('keyId', 'keySpec', 'encryptionAlgorithm', 'signingAlgorithm', 'grantId', 'operations'),
  encryptionContext: only({ SecretARN: 'path', SecretVersionId: 'keep', PARAMETER_ARN: 'path' }),
  pendingWindowInDays: 'number',
})

const NOTHING: RuleLiteral = only({})

/** Bodies of requests and responses, of the services that this connector reads. Those of all others are left out. */
export const BODIES: Readonly<Record<string, RuleLiteral>> = {
  sts: { requestParameters: SESSION_REQUEST, responseElements: SESSION_RESPONSE },
  signin: {
    responseElements: only(keep('ConsoleLogin')),
    additionalEventData: only(keep('MFAUsed', 'MobileVersion')),
    requestParameters: only(keep('userName')),
  },
  secretsmanager: {
    requestParameters: SECRET_REQUEST,
    responseElements: only({ aRN: 'path', arn: 'path', name: 'path', versionId: 'keep' }),
    additionalEventData: only({ SecretId: 'path' }),
  },
  ssm: {
    requestParameters: PARAMETER_REQUEST,
    responseElements: only({ version: 'number', invalidParameters: 'path' }),
  },
  ec2: { requestParameters: only(keep('instanceId')) },
  iam: { requestParameters: IAM_REQUEST, responseElements: IAM_RESPONSE },
  kms: { requestParameters: KMS_REQUEST, responseElements: only(keep('keyId')) },
}

export const NO_BODIES: RuleLiteral = {
  requestParameters: NOTHING,
  responseElements: NOTHING,
  additionalEventData: NOTHING,
}

export const WITH_RESOURCES: RuleLiteral = { resources: RESOURCES }
