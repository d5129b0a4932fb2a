/** Sources whose tokens the vault accepts. */
export type Issuer = 'keycloak' | 'okta' | 'github'

/** How a mount of the vault maps an issuer's claims, and so what its logins can prove. */
export interface Mount {
  readonly point: string
  readonly type: 'oidc' | 'jwt' | 'approle' | 'userpass'
  readonly accessor: string
  readonly role: string
  readonly issuer?: Issuer
  /** Claims in the metadata of its tokens, under their own names. */
  readonly claims: readonly string[]
  /** Stands in `catena.yaml`. */
  readonly isDeclared: boolean
}

export type MountName = keyof typeof MOUNTS

type Draft = Partial<Mount> & Pick<Mount, 'point' | 'type' | 'accessor'>

function mount(draft: Draft): Mount {
  return { role: '', claims: [], isDeclared: true, ...draft }
}

function jwt(name: string, role: string, issuer: Issuer, claims: readonly string[], isDeclared = true): Mount {
  const accessor = `auth_jwt_${name.replaceAll('-', '')}`
  return mount({ point: `auth/${name}/`, type: 'jwt', accessor, role, issuer, claims, isDeclared })
}

export const MOUNTS = {
  /** People: the session itself is mapped, so it is proven. */
  oidc: mount({
    point: 'auth/oidc/',
    type: 'oidc',
    accessor: 'auth_oidc_88141589',
    role: 'staff',
    issuer: 'keycloak',
    claims: ['sid', 'email'],
  }),
  /** People: an immutable subject. */
  subject: jwt('jwt-subject', 'staff-sub', 'keycloak', ['sub']),
  /** People: an e-mail address, as in old roles. */
  email: jwt('jwt-legacy', 'staff-legacy', 'keycloak', ['email']),
  /** People of the other identity provider: an immutable subject. */
  okta: jwt('jwt-okta', 'staff-okta', 'okta', ['sub']),
  /** CI: run and attempt. */
  attempt: jwt('jwt-ci', 'ci', 'github', ['run_id', 'run_attempt', 'repository', 'actor']),
  /** CI: the run alone, so a rerun is ambiguous. */
  run: jwt('jwt-ci-run', 'ci-run', 'github', ['run_id', 'repository']),
  /** CI: the repository alone, by its name. */
  repository: jwt('jwt-ci-repo', 'ci-repo', 'github', ['repository']),
  /** CI: nobody declared whose tokens it accepts. */
  undeclared: jwt('jwt-partner', 'partner', 'github', ['run_id', 'run_attempt', 'repository'], false),
  /** Machines: one role for many. */
  fleet: mount({ point: 'auth/approle/', type: 'approle', accessor: 'auth_approle_5c21b7f0' }),
  /** Accounts with a password of the vault's own. */
  account: mount({ point: 'auth/userpass/', type: 'userpass', accessor: 'auth_userpass_1d0be2aa' }),
} as const satisfies Record<string, Mount>

/** Longest life of a session, as declared. */
export const SESSION_MAX_MS = 10 * 3_600_000

/** Accounts whose password many know, declared as shared. */
export const BREAK_GLASS = 'break-glass'
export const SHARED_OPERATOR = 'ops-shared'
export const SHARED_ACCOUNTS: readonly string[] = [BREAK_GLASS, SHARED_OPERATOR]
