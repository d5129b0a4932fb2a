/** Kinds of sources that have a connector. */
export const SOURCE_KINDS = [
  'vault',
  'keycloak',
  'okta',
  'github',
  'aws-cloudtrail',
  'kubernetes',
  'gitlab',
  'entra',
  'cloudevents',
  'azure-key-vault',
  'google-cloud',
  'teleport',
  'cyberark',
  'onepassword',
  'spire',
  'scim',
  'directory-csv',
] as const
export type SourceKind = (typeof SOURCE_KINDS)[number]

/** A claim of an identity token by its registered or vendor's name; what Catena can turn into correlation keys. */
export const CLAIMS = [
  'sid',
  'sub',
  'act',
  'serial_number',
  'email',
  'preferred_username',
  'run_id',
  'run_attempt',
  'repository',
  'repository_id',
  'actor',
  'actor_id',
  'job_workflow_ref',
  'environment',
  'ref',
  'sha',
  'event_name',
  'project_id',
  'project_path',
  'job_project_id',
  'job_project_path',
  'pipeline_id',
  'job_id',
  'user_id',
  'user_login',
  'oid',
  'upn',
] as const
export type Claim = (typeof CLAIMS)[number]

/** Whose identities a mount of a vault accepts, as its operator declares it: a record of the login does not say. */
export interface Federation {
  /** Auth mount with a slash at the end, e.g. `auth/oidc/`. */
  readonly mount: string
  readonly issuer: { readonly kind: SourceKind; readonly scope: string }
  /** Claim → field of the login's metadata that carries it (as in a Vault role's `claim_mappings`). */
  readonly claims: Readonly<Partial<Record<Claim, string>>>
  /** Client of the identity provider through which people sign in to this mount; narrows candidate sessions. */
  readonly client?: string
  /** Longest life of a session of that issuer, ms. */
  readonly sessionMaxMs?: number
}

/** One cluster, tenant or organisation whose records Catena receives. Records do not name it, so configuration does. */
export interface SourceInstance {
  /** Name in configuration, commands and URLs. Part of every record's identity: never reuse it for another system. */
  readonly id: string
  readonly kind: SourceKind
  /** Cluster, realm, tenant or host, as other sources refer to it. */
  readonly scope: string
  readonly federations: readonly Federation[]
  /** Auth mounts or accounts that many hold, as prefixes, e.g. `auth/approle/`. */
  readonly sharedIdentities: readonly string[]
  /** Longest silence that is still normal, seconds. */
  readonly heartbeatSeconds?: number
  /** Spans in which records are known to be lost. */
  readonly gaps: readonly { readonly from: number; readonly to: number }[]
}
