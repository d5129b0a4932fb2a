import type { ActivityKind } from '@catena/domain'

/** Requests to a vault (Microsoft Learn, "Azure Key Vault logging", operation names). First match wins. */
const VAULT: readonly (readonly [RegExp, ActivityKind])[] = [
  [/^\w+EventGridNotification$/, 'not-about-access'],
  [/^Authentication$/, 'operation'],
  [/^SecretGet$/, 'secret-read'],
  [/^Secret(?:Set|Restore)$/, 'secret-written'],
  [/^SecretUpdate$/, 'configuration-changed'],
  [/^SecretDelete$/, 'secret-deleted'],
  [/^SecretPurge$/, 'secret-destroyed'],
  [/^SecretRecover$/, 'secret-restored'],
  // A backup is encrypted, and can be restored into another vault only.
  [/^(?:Secret|Key|Certificate)Backup$/, 'operation'],
  [/^Secret(?:List\w*|GetDeleted|ListVersions)$/, 'secret-listed'],
  [/^Key(?:Sign|Verify|Encrypt|Decrypt|Wrap|Unwrap|Release)$/, 'key-used'],
  [/^Key(?:Create|Import|Update|Delete|Recover|Purge|Restore|Rotate\w*)$/, 'credential-changed'],
  [/^KeyRotationPolicySet$/, 'policy-changed'],
  [/^Key\w+$/, 'operation'],
  [/^Certificate(?:Create|Import|Update|Delete|Recover|Purge|Restore|Merge|PendingMerge)$/, 'credential-changed'],
  [/^Certificate(?:Contacts|Issuer|Policy|Pending)(?:s?Set|s?Update|s?Delete|s?Put)$/, 'configuration-changed'],
  [/^Certificate\w+$/, 'operation'],
  [/^(?:SasDefinition|StorageAccount)Get\w*$|^ManagedStorage\w*Get\w*$/, 'secret-read'],
  [/^(?:Sas|ManagedStorage|StorageAccount)\w+$/, 'credential-changed'],
  [/^Vault(?:Put|Patch|Update|Delete|Recover|Purge|Create)$/, 'configuration-changed'],
  [/^Vault\w+$/, 'operation'],
  [/^(?:RoleAssignment|RoleDefinition)(?:Create|Set|Delete)\w*$/, 'policy-changed'],
]

/** Calls of Azure Resource Manager, in lower case: the activity log of a subscription. */
const MANAGER: readonly (readonly [RegExp, ActivityKind])[] = [
  [/^microsoft\.keyvault\/vaults\/secrets\/write$/, 'secret-written'],
  [/^microsoft\.keyvault\/vaults\/secrets\/delete$/, 'secret-deleted'],
  [/^microsoft\.keyvault\/vaults\/secrets\/purge\/action$/, 'secret-destroyed'],
  [/^microsoft\.keyvault\/vaults\/secrets\/recover\/action$/, 'secret-restored'],
  [/^microsoft\.keyvault\/\w+\/(?:keys|certificates)\//, 'credential-changed'],
  [/^microsoft\.keyvault\/\w+\/accesspolicies\/|^microsoft\.authorization\/.*\/(?:write|delete|action)$/, 'policy-changed'],
  [/^microsoft\.keyvault\/.*\/(?:write|delete|action)$/, 'configuration-changed'],
  [/\/list\w*(?:keys?|secrets?|credentials?|connectionstrings|sas)\/action$/, 'secret-read'],
  // Addresses with a signature in them, and tokens of a registry.
  [/\/(?:listcallbackurl|begingetaccess|generatecredentials)\/action$/, 'secret-read'],
  // Settings of a web app with its credentials, its publishing profile, and keys under other names.
  [/\/(?:config\/list|publishxml|sharedkeys|readonlykeys|listvalue)\/action$/, 'secret-read'],
  [/\/(?:regenerate|rotate|reset)\w*(?:keys?|credentials?|passwords?)\/action$|\/federatedidentitycredentials\/(?:write|delete)$/, 'credential-changed'],
  [/\/diagnosticsettings\/(?:write|delete)$|^microsoft\.managedidentity\/.*\/(?:write|delete)$/, 'configuration-changed'],
  [/^[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+\/.+$/, 'operation'],
] // prettier-ignore

/** Undefined: nobody has read this operation yet. */
export function kindOf(stream: 'audit' | 'activity', operation: string): ActivityKind | undefined {
  const table = stream === 'audit' ? VAULT : MANAGER
  return table.find(([pattern]) => pattern.test(operation))?.[1]
}
