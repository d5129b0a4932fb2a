/**
 * A correlation key, `namespace:scope:value`, compared as an exact string.
 * The scope keeps apart two systems that number alike.
 */
export type Key = string & { readonly __brand: 'Key' }

/**
 * Minted: an issuer made the value for one session, token, lease, run, attempt or job.
 * Standing: it outlives those and can be shared, renamed or reused.
 */
export type KeyNature = 'minted' | 'standing'

interface NamespaceDefinition {
  readonly nature: KeyNature
  /** Standing namespaces: can the owner of the value change (e-mail, login), or never (user id)? */
  readonly mutable?: boolean
  /** Namespaces of bound keys on which two establishers of one minted key must agree. */
  readonly agreesOn?: readonly string[]
  readonly noun: string
}

export const NAMESPACES = {
  'vault-token': { nature: 'minted', noun: 'Vault token' },
  'vault-lease': { nature: 'minted', noun: 'lease' },
  'idp-session': { nature: 'minted', agreesOn: ['person'], noun: 'identity provider session' },
  'ci-run': { nature: 'minted', agreesOn: ['repository', 'repository-name'], noun: 'CI run' },
  'ci-attempt': { nature: 'minted', agreesOn: ['repository', 'repository-name'], noun: 'CI run attempt' },
  'ci-job': { nature: 'minted', agreesOn: ['repository', 'repository-name'], noun: 'CI job' },
  deployment: { nature: 'minted', noun: 'deployment' },
  'entra-token': { nature: 'minted', noun: 'Entra token' },
  'google-account-key': { nature: 'minted', noun: 'key of a Google service account' },
  'entra-credential': { nature: 'minted', noun: 'credential of an Entra application' },
  'idp-sessions': { nature: 'standing', noun: 'all sessions of an identity provider' },
  'aws-access-key': { nature: 'minted', noun: 'AWS access key' },
  'kubernetes-token': { nature: 'minted', noun: 'Kubernetes token' },
  'system-session': { nature: 'minted', agreesOn: ['agent', 'tool-server', 'account'], noun: 'session' },
  'agent-call': { nature: 'minted', agreesOn: ['agent', 'tool-server'], noun: 'call' },
  'access-request': { nature: 'minted', noun: 'access request' },
  svid: { nature: 'minted', agreesOn: ['spiffe-id'], noun: 'SVID' },
  'agent-task': { nature: 'minted', noun: 'task' },
  'request-id': { nature: 'minted', noun: 'request id' },
  'github-token': { nature: 'minted', noun: 'GitHub token' },
  person: { nature: 'standing', noun: 'person' },
  'person-email': { nature: 'standing', mutable: true, noun: 'e-mail address' },
  'person-name': { nature: 'standing', mutable: true, noun: 'login name' },
  repository: { nature: 'standing', noun: 'repository' },
  'repository-name': { nature: 'standing', mutable: true, noun: 'repository name' },
  'vault-entity': { nature: 'standing', noun: 'Vault entity' },
  'vault-account': { nature: 'standing', noun: 'Vault account' },
  'aws-principal': { nature: 'standing', noun: 'AWS user or role' },
  'aws-principal-name': { nature: 'standing', mutable: true, noun: 'name of an AWS user or role' },
  'kubernetes-account': { nature: 'standing', mutable: true, noun: 'Kubernetes account' },
  'kubernetes-pod': { nature: 'standing', noun: 'pod' },
  'google-principal': { nature: 'standing', mutable: true, noun: 'Google Cloud identity' },
  'entra-principal': { nature: 'standing', noun: 'Entra user or service principal' },
  agent: { nature: 'standing', noun: 'agent' },
  'tool-server': { nature: 'standing', noun: 'tool server' },
  'spiffe-id': { nature: 'standing', noun: 'SPIFFE id' },
  account: { nature: 'standing', noun: 'account' },
  pipeline: { nature: 'standing', noun: 'pipeline' },
  'vault-lease-prefix': { nature: 'standing', noun: 'lease prefix' },
  'vault-token-path': { nature: 'standing', noun: 'path at which tokens are made' },
  credential: { nature: 'standing', noun: 'credential' },
  environment: { nature: 'standing', mutable: true, noun: 'environment' },
  group: { nature: 'standing', noun: 'group' },
  'group-name': { nature: 'standing', mutable: true, noun: 'group name' },
  runner: { nature: 'standing', mutable: true, noun: 'runner' },
} as const satisfies Record<string, NamespaceDefinition>

export type Namespace = keyof typeof NAMESPACES

/** Issuer systems that number alike are kept apart by `<kind>/<scope>`, e.g. `keycloak/acme`. */
export function issuerScope(kind: string, scope: string): string {
  return `${kind}/${scope}`
}

export function makeKey(namespace: Namespace, scope: string, value: string): Key {
  return `${namespace}:${scope}:${value}` as Key
}

export function namespaceOf(key: Key): Namespace {
  return key.slice(0, key.indexOf(':')) as Namespace
}

export function scopeOf(key: Key): string {
  const start = key.indexOf(':') + 1
  return key.slice(start, key.indexOf(':', start))
}

export function valueOf(key: Key): string {
  return key.slice(key.indexOf(':', key.indexOf(':') + 1) + 1)
}

export function definitionOf(key: Key): NamespaceDefinition {
  return NAMESPACES[namespaceOf(key)]
}

export function isMinted(key: Key): boolean {
  return definitionOf(key).nature === 'minted'
}

/** Whoever started a Catena without an identity provider: of no system, but somebody who can answer. */
export const LOCAL_PERSON_KEY = 'person:local' as Key

/** Longest key that somebody may name, characters: views list by keys, and an entry of an index has room for some 2,700 bytes. Records give at most 400 and a scope. */
export const KEY_LENGTH_MAX = 600

/** `person:<system>:<id>`: who can be asked, and can answer. */
export function isPersonKey(text: string): boolean {
  return text === LOCAL_PERSON_KEY || (text.length <= KEY_LENGTH_MAX && /^person:[^:]+:.+$/.test(text))
}

/** The slot of a credential as a key; undefined where its container is not known. */
export function credentialKey(target: {
  readonly system: string
  readonly container?: string
  readonly path: string
}): Key | undefined {
  return target.container === undefined
    ? undefined
    : makeKey('credential', target.system, `${target.container}/${target.path}`)
}
