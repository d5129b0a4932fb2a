import { refusal, type Decider, type Instant, type Refusal, type Role } from '@catena/domain'

/** Longest life of a token, ms. */
export const TOKEN_LIFE_MAX_MS = 366 * 24 * 3_600_000
/** Roles that a token may carry beside those of machines. */
export const TOKEN_ROLES = [
  'ingest',
  'export',
  'auditor',
  'security-engineer',
  'operator',
] as const satisfies readonly Role[]
export type TokenRole = (typeof TOKEN_ROLES)[number]

export interface IssueToken {
  readonly type: 'IssueToken'
  readonly id: string
  /** What it is for, for people. */
  readonly name: string
  /** Id of the person who answers for it. */
  readonly owner: string
  readonly roles: readonly TokenRole[]
  /** Ids of sources; empty: no limit. */
  readonly sources: readonly string[]
  readonly expiresAt: Instant
  /** Keyed hash of its secret, hex. */
  readonly hash: string
  /** Roles that whoever issues it may give. */
  readonly givable: readonly Role[]
}
export interface RevokeToken {
  readonly type: 'RevokeToken'
  readonly reason: string
}
export type TokenCommand = IssueToken | RevokeToken

export type ApiTokenIssued = {
  readonly type: 'ApiTokenIssued'
  readonly data: {
    readonly id: string
    readonly name: string
    readonly owner: string
    readonly roles: TokenRole[]
    readonly sources: string[]
    readonly expiresAt: Instant
    readonly hash: string
  }
}
export type ApiTokenRevoked = { readonly type: 'ApiTokenRevoked'; readonly data: { readonly reason: string } }
export type TokenEvent = ApiTokenIssued | ApiTokenRevoked

export type TokenState =
  | { readonly status: 'none' }
  | ({
      readonly status: 'issued' | 'revoked'
      readonly issuedAt: Instant
      readonly issuedBy: string
    } & ApiTokenIssued['data'])

export type TokenRefusal =
  'NAME_MISSING' | 'ROLE_MISSING' | 'ROLES_SEPARATED' | 'ROLE_NOT_YOURS' | 'EXPIRY' | 'NO_SUCH_TOKEN' | 'ID_TAKEN'

/** What a caller may give to a token: operators the roles of machines, everybody a role of their own. Operators thus give nobody evidence. */
export function givableBy(roles: readonly Role[]): TokenRole[] {
  const machines: readonly Role[] = roles.includes('operator') ? ['ingest', 'export'] : []
  return TOKEN_ROLES.filter((role) => machines.includes(role) || roles.includes(role))
}

export function tokenStream(id: string): string {
  return `api-token:${id}`
}

/** One token's life: issued once, perhaps revoked, never changed. */
export const tokenDecider: Decider<TokenState, TokenCommand, TokenEvent, TokenRefusal> = {
  initial: { status: 'none' },
  decide: (state, command, { at }) =>
    command.type === 'IssueToken' ? issue(state, command, at) : revoke(state, command),
  evolve(state, event, by) {
    if (event.type === 'ApiTokenIssued') return { status: 'issued', issuedAt: by.at, issuedBy: by.actor, ...event.data }
    return state.status === 'none' ? state : { ...state, status: 'revoked' }
  },
}

function issue(
  state: TokenState,
  { givable, ...asked }: IssueToken,
  at: Instant,
): TokenEvent[] | Refusal<TokenRefusal> {
  if (state.status !== 'none') return refusal('ID_TAKEN', 'a token of this id was issued before: ask again')
  if (asked.name.trim() === '') return refusal('NAME_MISSING', 'say what the token is for')
  if (asked.roles.length === 0) return refusal('ROLE_MISSING', `give it a role: ${TOKEN_ROLES.join(', ')}`)
  if (asked.roles.length > 1) return refusal('ROLES_SEPARATED', 'a token has one role: issue one for each use')
  if (!asked.roles.every((role) => givable.includes(role)))
    return refusal('ROLE_NOT_YOURS', 'give a role that you hold; roles of machines are given by operators')
  if (asked.expiresAt <= at || asked.expiresAt - at > TOKEN_LIFE_MAX_MS)
    return refusal('EXPIRY', 'let it expire in the future, and within 366 days')
  const { id, name, owner, expiresAt, hash } = asked
  return [
    {
      type: 'ApiTokenIssued',
      data: { id, name, owner, roles: [...asked.roles], sources: [...asked.sources], expiresAt, hash },
    },
  ]
}

function revoke(state: TokenState, { reason }: RevokeToken): TokenEvent[] | Refusal<TokenRefusal> {
  if (state.status === 'none') return refusal('NO_SUCH_TOKEN', 'there is no token of this id: look into the list')
  return state.status === 'revoked' ? [] : [{ type: 'ApiTokenRevoked', data: { reason } }]
}
