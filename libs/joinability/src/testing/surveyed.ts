import type { Claim, SourceInstance } from '@catena/domain'
import type { Assessed } from '../places.js'
import type { RecordedRole } from '../read-survey.js'
import type { LoginPlace, Surveyed, SurveyedLogin, WeakLink } from '../survey.js'

const plain = { federations: [], sharedIdentities: [], gaps: [] }
export const CI: SourceInstance = { ...plain, id: 'ci', kind: 'github', scope: 'github.com' }
export const IDP: SourceInstance = { ...plain, id: 'idp', kind: 'keycloak', scope: 'acme' }

/** A vault whose mounts accept runs of GitHub and people of Keycloak. */
export function vaultWith(claims: Partial<Record<Claim, string>>, more: Partial<SourceInstance> = {}): SourceInstance {
  const federations = [
    { mount: 'auth/jwt-ci/', issuer: { kind: 'github', scope: 'github.com' } as const, claims },
    { mount: 'auth/oidc/', issuer: { kind: 'keycloak', scope: 'acme' } as const, claims },
  ]
  return { ...plain, id: 'vault', kind: 'vault', scope: 'prod', federations, ...more }
}

export const JOB: LoginPlace = {
  source: 'vault',
  mount: 'auth/jwt-ci/',
  role: 'deploy',
  method: 'jwt',
  origin: 'federated',
  issuer: 'github/github.com',
}
export const PERSON: LoginPlace = {
  ...JOB,
  mount: 'auth/oidc/',
  role: 'staff',
  method: 'oidc',
  issuer: 'keycloak/acme',
}
export const UNDECLARED: LoginPlace = { ...JOB, mount: 'auth/jwt-new/', origin: 'undeclared', issuer: undefined }
export const ACCOUNT: LoginPlace = {
  ...JOB,
  mount: 'auth/userpass/',
  role: undefined,
  method: 'userpass',
  origin: 'long-lived',
  issuer: undefined,
}

let last = 0

export function login(place: LoginPlace, claims: readonly Claim[], more: Partial<SurveyedLogin> = {}): SurveyedLogin {
  last += 1
  return { fact: `login:${last}`, at: last, place, claims, fields: {}, evidence: [last], ...more }
}

export function retrieval(from: SurveyedLogin, more: Partial<Surveyed> = {}): Surveyed {
  last += 1
  return {
    fact: `read:${last}`,
    source: 'vault',
    at: last,
    credential: 'vault/prod secret/a',
    login: from,
    upstream: 'inferred',
    actor: 'inferred',
    weak: undefined,
    endUnseen: false,
    ...more,
  }
}

export function weak(reason: WeakLink['reason'], more: Partial<WeakLink> = {}): WeakLink {
  return { hop: 'login to session or run', state: 'missing', reason, words: '', evidence: [], ...more }
}

export function role(path: string, claims: readonly string[] | undefined, changedAt = 0): RecordedRole {
  return { source: 'vault', path, claims, changedAt, evidence: [900] }
}

export function assessed(
  retrievals: readonly Surveyed[],
  more: Partial<Assessed> & { roles?: RecordedRole[] } = {},
): Assessed {
  const { roles = [], ...rest } = more
  return {
    survey: { from: 0, to: 1, days: 30, retrievals, truncated: false, roles },
    sources: [vaultWith({}), CI, IDP],
    heard: new Set(['github/github.com', 'keycloak/acme', 'vault/prod']),
    proposals: [],
    ...rest,
  }
}
