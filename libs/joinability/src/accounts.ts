import type { SourceKind } from '@catena/domain'
import type { LoginPlace } from './survey.js'
import type { Setting } from './words.js'

/** How each kind of source tells whose an account is, and what takes the place of its lasting secret, in its vendor's words. */
interface Ways {
  /** Joins accounts to people; at most inferred. */
  readonly joined?: Omit<Setting, 'system'>
  readonly federated: Omit<Setting, 'system'>
  /** How far single sign-on, or a token of its own, makes the hop known. */
  readonly becomes: 'provable' | 'inferable'
}

const OPERATORS_JOIN = {
  where: 'catena.yaml or catena identity',
  field: "operator's join",
  value: 'the account, and the person at the identity provider',
}

const WAYS: Readonly<Partial<Record<SourceKind, Ways>>> = {
  'aws-cloudtrail': {
    federated: { where: 'iam', field: 'access key', value: 'a role instead: AssumeRoleWithWebIdentity for jobs, IAM Identity Center with an email or sid session tag for people' }, // prettier-ignore
    becomes: 'provable',
  },
  'azure-key-vault': {
    federated: { where: 'Entra diagnostic settings', field: 'categories', value: 'SignInLogs, NonInteractiveUserSignInLogs, ServicePrincipalSignInLogs, ManagedIdentitySignInLogs' }, // prettier-ignore
    becomes: 'provable',
  },
  cloudevents: {
    federated: { where: 'catena.session.started', field: 'onBehalfOf', value: '{ provider, claims: { sid, sub } } of the token that the system verified' }, // prettier-ignore
    becomes: 'provable',
  },
  cyberark: {
    federated: { where: 'sources[].federations', field: 'mount logon/', value: '{ preferred_username: Issuer }' },
    becomes: 'inferable',
  },
  entra: {
    federated: { where: 'application', field: 'client secret', value: 'a managed identity, or sign-in of a person' },
    becomes: 'provable',
  },
  'google-cloud': {
    federated: { where: 'workload identity pool', field: 'google.subject', value: 'a pool for the CI host instead of a key of the service account' }, // prettier-ignore
    becomes: 'provable',
  },
  kubernetes: {
    federated: { where: 'kube-apiserver', field: '--authentication-config', value: 'claimMappings.extra with the session id of the token' }, // prettier-ignore
    becomes: 'inferable',
  },
  onepassword: {
    federated: { where: 'Policies', field: 'Unlock with SSO', value: 'on for everybody; federation sso/ with { email: email }' }, // prettier-ignore
    becomes: 'inferable',
  },
  spire: {
    federated: {
      where: 'server.conf',
      field: 'log_level',
      value: 'DEBUG: the serial numbers of documents are written',
    },
    becomes: 'provable',
  },
  teleport: {
    federated: { where: 'cluster_auth_preference', field: 'type, allow_local_auth', value: 'oidc, false: people sign in through the OIDC connector, with sid among its claims' }, // prettier-ignore
    becomes: 'provable',
  },
  vault: {
    joined: { where: 'identity/entity-alias', field: 'canonical_id', value: 'one entity per person, for this account and for the federated login' }, // prettier-ignore
    federated: {
      where: '',
      field: 'auth method',
      value: 'log in through the identity provider (oidc) with sid mapped',
    },
    becomes: 'provable',
  },
}

export function joinOf(kind: SourceKind, { source }: LoginPlace): Setting {
  const joined = WAYS[kind]?.joined
  return joined === undefined ? { system: 'catena', ...OPERATORS_JOIN } : { system: source, ...joined }
}

export function federationInstead(
  kind: SourceKind,
  { source, mount }: LoginPlace,
): { readonly setting: Setting; readonly becomes: 'provable' | 'inferable' } {
  const { federated, becomes } = WAYS[kind] ?? UNKNOWN
  const isDeclared = federated.where.startsWith('sources[')
  const where = federated.where === '' ? mount : federated.where
  return { setting: { ...federated, where, system: isDeclared ? 'catena.yaml' : source }, becomes }
}

const UNKNOWN: Ways = {
  federated: { where: '', field: 'way of signing in', value: 'through the identity provider, with its session id or subject in the record' }, // prettier-ignore
  becomes: 'provable',
}
