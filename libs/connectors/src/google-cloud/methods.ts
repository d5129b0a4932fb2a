import type { ActivityKind } from '@catena/domain'

/** What a call is about; each concern has one reader (interpret.ts). */
export type Concern = 'secret' | 'account-key' | 'token' | 'exchange' | 'key' | 'api-key' | 'plain'

export interface Method {
  readonly concern: Concern
  readonly kind: ActivityKind
}

type Line = readonly [RegExp, Concern, ActivityKind]

/** Services that hand out, keep or guard credentials, by the last part of the method's name. First match wins; a name that matches none is not known. */
const SERVICES: Readonly<Record<string, readonly Line[]>> = {
  secretmanager: [
    [/^AccessSecretVersion$/, 'secret', 'secret-read'],
    [/^AddSecretVersion$/, 'secret', 'secret-written'],
    [/^(?:DestroySecretVersion|DeleteSecret)$/, 'secret', 'secret-destroyed'],
    [/^(?:List\w+|GetSecret|GetSecretVersion)$/, 'secret', 'secret-listed'],
    // Whoever enables a version takes it back that it was to be destroyed.
    [/^EnableSecretVersion$/, 'secret', 'secret-restored'],
    [/^(?:CreateSecret|UpdateSecret|DisableSecretVersion)$/, 'secret', 'configuration-changed'],
    [/^SetIamPolicy$/i, 'secret', 'policy-changed'],
    [/^(?:GetIamPolicy|TestIamPermissions)$/i, 'secret', 'operation'],
  ],
  iam: [
    [/^(?:Create|Upload|Delete|Disable|Enable|Patch)ServiceAccountKey$/, 'account-key', 'credential-changed'],
    [/^\w*WorkloadIdentityPool\w*Key$|^\w*(?:WorkforcePool|OauthClient)\w*(?:Key|Credential)$/, 'plain', 'credential-changed'],
    [/^SetIAMPolicy$/i, 'plain', 'policy-changed'],
    [/^(?:Create|Update|Delete|Undelete|Patch)(?:Role|DenyPolicy|Policy)$/, 'plain', 'policy-changed'],
    [/^(?:Get|List|Query|Test|Lint)\w+$/i, 'plain', 'operation'],
    [/^(?:Create|Update|Patch|Delete|Undelete|Disable|Enable)\w+$/, 'plain', 'configuration-changed'],
  ],
  iamcredentials: [
    [/^Generate(?:AccessToken|IdToken)$/, 'token', 'token-created'],
    [/^Sign(?:Jwt|Blob)$/, 'token', 'key-used'],
  ],
  sts: [
    [/^ExchangeToken$/, 'exchange', 'login'],
    [/^\w+$/, 'plain', 'operation'],
  ],
  cloudkms: [
    [/^(?:Encrypt|Decrypt|RawEncrypt|RawDecrypt|AsymmetricSign|AsymmetricDecrypt|MacSign|MacVerify|Decapsulate)$/, 'key', 'key-used'],
    [/^(?:Create|Import|Destroy|Restore|Update)(?:CryptoKey|CryptoKeyVersion|CryptoKeyPrimaryVersion|ImportJob)$/, 'key', 'credential-changed'],
    [/^SetIamPolicy$/i, 'key', 'policy-changed'],
    [/^\w+$/, 'key', 'operation'],
  ],
  apikeys: [
    [/^GetKeyString$/, 'api-key', 'secret-read'],
    [/^(?:Create|Update|Delete|Undelete)Key$/, 'api-key', 'credential-changed'],
    [/^\w+$/, 'plain', 'operation'],
  ],
  login: [
    [/^login(?:Success|Failure|Challenge|Verification)$/, 'plain', 'login'],
    [/^logout$/, 'plain', 'logout'],
    [/^\w+$/, 'plain', 'operation'],
  ],
} // prettier-ignore

/** Of all other services: who may do what, and all else is a use of the caller's identity. */
const OTHERS: readonly Line[] = [
  [/^SetIamPolicy$|^setOrgPolicy$|^InsertProjectOwnershipInvite$/i, 'plain', 'policy-changed'],
  [/^(?:add|remove)GroupMember$|^(?:Create|Delete)Membership$/, 'plain', 'membership-changed'],
  [/^./, 'plain', 'operation'],
]

/** Undefined: nobody has read this name of a service that matters here yet. */
export function methodOf(service: string, name: string): Method | undefined {
  const lines = Object.hasOwn(SERVICES, service) ? (SERVICES[service] ?? []) : OTHERS
  for (const [pattern, concern, kind] of lines) if (pattern.test(name)) return { concern, kind }
  return undefined
}
