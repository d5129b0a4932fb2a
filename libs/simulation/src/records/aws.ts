import { seconds } from '../engine/time.js'
import { AWS_ACCOUNT, AWS_REGION } from '../organisation/names.js'

export const PROVIDER = 'oidc-provider/token.actions.githubusercontent.com'
const PROVIDER_ARN = `arn:aws:iam::${AWS_ACCOUNT}:${PROVIDER}`

/** An access key: of a role's session, or of a user and lasting. */
export interface CloudKey {
  readonly id: string
  readonly role?: { readonly name: string; readonly uniqueId: string; readonly since: number }
  readonly user?: { readonly name: string; readonly uniqueId: string }
}

export interface CloudCall {
  readonly id: string
  readonly at: number
  readonly service: string
  readonly name: string
  readonly address: string
  readonly agent: string
  readonly isRead: boolean
  /** JSON values. */
  readonly identity: string
  readonly request: string
  readonly response: string
  readonly error?: string
}

export function callLine(call: CloudCall): string {
  const error = call.error === undefined ? '' : `"errorCode":"${call.error}",`
  return (
    `{"eventVersion":"1.11","userIdentity":${call.identity},"eventTime":"${seconds(call.at)}","eventSource":"${call.service}.amazonaws.com",` +
    `"eventName":"${call.name}","awsRegion":"${AWS_REGION}","sourceIPAddress":"${call.address}","userAgent":"${call.agent}",${error}` +
    `"requestParameters":${call.request},"responseElements":${call.response},"requestID":"${call.id}","eventID":"${call.id}",` +
    `"readOnly":${String(call.isRead)},"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"${AWS_ACCOUNT}","eventCategory":"Management"}`
  )
}

export function identityOf({ id, role, user }: CloudKey): string {
  if (user !== undefined)
    return `{"type":"IAMUser","principalId":"${user.uniqueId}","arn":"arn:aws:iam::${AWS_ACCOUNT}:user/${user.name}","accountId":"${AWS_ACCOUNT}","accessKeyId":"${id}","userName":"${user.name}"}`
  const { name, uniqueId, since } = role ?? { name: 'none', uniqueId: 'AROANONE', since: 0 }
  return (
    `{"type":"AssumedRole","principalId":"${uniqueId}:GitHubActions","arn":"arn:aws:sts::${AWS_ACCOUNT}:assumed-role/${name}/GitHubActions",` +
    `"accountId":"${AWS_ACCOUNT}","accessKeyId":"${id}","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"${uniqueId}",` +
    `"arn":"arn:aws:iam::${AWS_ACCOUNT}:role/${name}","accountId":"${AWS_ACCOUNT}","userName":"${name}"},` +
    `"webIdFederationData":{"federatedProvider":"${PROVIDER_ARN}","attributes":{}},` +
    `"attributes":{"creationDate":"${seconds(since)}","mfaAuthenticated":"false"}}}`
  )
}

/** What STS writes of a job that took a role: whose token it was, and the key that it got. */
export function webIdentity(subject: string, key: CloudKey): Pick<CloudCall, 'identity' | 'request' | 'response'> {
  const { name, uniqueId, since } = key.role ?? { name: 'none', uniqueId: 'AROANONE', since: 0 }
  return {
    identity: `{"type":"WebIdentityUser","principalId":"${PROVIDER_ARN}:sts.amazonaws.com:${subject}","userName":"${subject}","identityProvider":"${PROVIDER_ARN}"}`,
    request: `{"roleArn":"arn:aws:iam::${AWS_ACCOUNT}:role/${name}","roleSessionName":"GitHubActions","durationSeconds":3600}`,
    response:
      `{"credentials":{"accessKeyId":"${key.id}","expiration":"${seconds(since + 3_600_000)}"},"subjectFromWebIdentityToken":"${subject}",` +
      `"assumedRoleUser":{"assumedRoleId":"${uniqueId}:GitHubActions","arn":"arn:aws:sts::${AWS_ACCOUNT}:assumed-role/${name}/GitHubActions"},` +
      `"provider":"${PROVIDER_ARN}","audience":"sts.amazonaws.com"}`,
  }
}
