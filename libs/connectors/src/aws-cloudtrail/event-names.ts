import type { ActivityKind } from '@catena/domain'

/** What an event is about; each concern has one reader (interpret.ts). */
export type Concern =
  'federate' | 'issue' | 'sign-in' | 'secret' | 'parameter' | 'machine' | 'access-key' | 'iam' | 'kms' | 'plain'

export interface EventName {
  readonly concern: Concern
  readonly kind: ActivityKind
}

type Line = readonly [RegExp, Concern, ActivityKind]

/** Services whose events hand out, keep or guard credentials. First match wins; a name that matches none is not known. */
const SERVICES: Readonly<Record<string, readonly Line[]>> = {
  sts: [
    [/^AssumeRoleWith(?:WebIdentity|SAML)$/, 'federate', 'login'],
    [/^(?:AssumeRole|AssumeRoot|GetSessionToken|GetFederationToken)$/, 'issue', 'token-created'],
    [/^GetWebIdentityToken$/, 'plain', 'token-created'],
    [/^(?:GetCallerIdentity|GetAccessKeyInfo|DecodeAuthorizationMessage|GetServiceBearerToken)$/, 'plain', 'operation'],
  ],
  signin: [
    [/^ConsoleLogin$/, 'sign-in', 'login'],
    [/^PasswordUpdated$/, 'iam', 'credential-changed'],
    [/^[A-Z]\w+$/, 'plain', 'operation'],
  ],
  secretsmanager: [
    [/^GetSecretValue$/, 'secret', 'secret-read'],
    [/^(?:DescribeSecret|ListSecretVersionIds)$/, 'secret', 'secret-listed'],
    [/^ListSecrets$/, 'plain', 'secret-listed'],
    [/^(?:CreateSecret|PutSecretValue|UpdateSecret|UpdateSecretVersionStage|RotationSucceeded)$/, 'secret', 'secret-written'],
    [/^(?:RotateSecret|CancelRotateSecret)$/, 'secret', 'credential-changed'],
    [/^DeleteSecret$/, 'secret', 'secret-deleted'],
    [/^RestoreSecret$/, 'secret', 'secret-restored'],
    [/^(?:Put|Delete|Validate)ResourcePolicy$/, 'secret', 'policy-changed'],
    [/^(?:ReplicateSecretToRegions|RemoveRegionsFromReplication|StopReplicationToReplica)$/, 'secret', 'configuration-changed'],
    [/^(?:BatchGetSecretValue|GetResourcePolicy|GetRandomPassword|(?:Untag|Tag)Resource)$/, 'plain', 'operation'],
    [/^(?:(?:Test)?Rotation(?:Started|Succeeded|Failed|Abandoned)|(?:Start|Cancel|End)SecretVersionDelete)$/, 'secret', 'operation'],
  ],
  ssm: [
    [/^(?:GetParameters?|GetParametersByPath|GetParameterHistory)$/, 'parameter', 'secret-read'],
    [/^DescribeParameters$/, 'plain', 'secret-listed'],
    [/^PutParameter$/, 'parameter', 'secret-written'],
    [/^DeleteParameters?$/, 'parameter', 'secret-destroyed'],
    [/^(?:Label|Unlabel)ParameterVersion$/, 'parameter', 'operation'],
    [/^(?!.*Parameter)[A-Z]\w+$/, 'plain', 'operation'],
  ],
  ec2: [
    [/^GetPasswordData$/, 'machine', 'secret-read'],
    [/^./, 'plain', 'operation'],
  ],
  iam: [
    [/^(?:Create|Update|Delete)AccessKey$/, 'access-key', 'credential-changed'],
    [/^(?:(?:Create|Update|Delete)LoginProfile|ChangePassword)$/, 'iam', 'credential-changed'],
    [/^(?:Upload|Update|Delete)(?:SSHPublicKey|SigningCertificate|ServerCertificate)$/, 'iam', 'credential-changed'],
    [/^(?:Create|Update|Delete|Reset)ServiceSpecificCredential$/, 'iam', 'credential-changed'],
    [/^(?:Add|Remove)UserToGroup$|^RemoveUserFromGroup$/, 'iam', 'membership-changed'],
    [/^(?:Attach|Detach|Put|Delete)(?:User|Role|Group)Policy$/, 'iam', 'policy-changed'],
    [/^(?:UpdateAssumeRolePolicy|(?:Create|Delete)Policy(?:Version)?|SetDefaultPolicyVersion)$/, 'iam', 'policy-changed'],
    [/^(?:Put|Delete)(?:User|Role)PermissionsBoundary$/, 'iam', 'policy-changed'],
    [/^(?:Get|List|Generate|Simulate)\w+$/, 'plain', 'operation'],
    [/^(?:Create|Update|Delete|Enable|Deactivate|Resync|Tag|Untag|Add|Remove)\w+$/, 'iam', 'configuration-changed'],
  ],
  kms: [
    [/^(?:Decrypt|Encrypt|ReEncrypt|Sign|Verify|GenerateMac|VerifyMac|DeriveSharedSecret)$/, 'kms', 'key-used'],
    [/^GenerateDataKey(?:Pair)?(?:WithoutPlaintext)?$/, 'kms', 'key-used'],
    [/^(?:PutKeyPolicy|CreateGrant|RetireGrant|RevokeGrant)$/, 'kms', 'policy-changed'],
    [/^(?:ScheduleKeyDeletion|CancelKeyDeletion|DeleteKey|DisableKey|EnableKey|CreateKey|RotateKey\w*|ImportKeyMaterial|DeleteImportedKeyMaterial)$/, 'kms', 'credential-changed'],
    [/^(?:Get|List|Describe|GenerateRandom)\w*$/, 'plain', 'operation'],
    [/^(?:Create|Update|Delete|Enable|Disable|Replicate|Tag|Untag)\w+$/, 'kms', 'configuration-changed'],
  ],
} // prettier-ignore

const USE: EventName = { concern: 'plain', kind: 'operation' }

/** Undefined: nobody has read this name of a service that matters here yet. Calls of any other service are uses of their key. */
export function eventNameOf(service: string, name: string): EventName | undefined {
  if (!Object.hasOwn(SERVICES, service)) return USE
  for (const [pattern, concern, kind] of SERVICES[service] ?? []) if (pattern.test(name)) return { concern, kind }
  return undefined
}
