import { conflictOf, makeKey, type Caller } from '@catena/domain'
import type { ProviderSettings } from '@catena/platform'

export type Claims = Readonly<Record<string, unknown>>

/** Why a person whom the provider knows gets no session. */
export class NoRoles extends Error {
  override readonly name = 'NoRoles'
}

/**
 * The caller behind the claims of a verified token. Throws NoRoles where the roles that they give must not be held together. A person
 * without any role is a caller who may do nothing.
 */
export function callerOfClaims(
  claims: Claims,
  provider: Pick<ProviderSettings, 'personScope' | 'roles' | 'rolesClaim' | 'rolesWithin'>,
  separatesDuties: boolean,
): Caller {
  const subject = textOf(claims['sub'])
  if (subject === undefined) throw new NoRoles('the token names nobody')
  const values = valuesOf(claims, provider.rolesClaim)
  const roles = [...new Set(values.flatMap((value) => provider.roles.get(value) ?? []))]
  const within = values.flatMap((value) => provider.rolesWithin.get(value) ?? [])
  const held = [...roles, ...within.map(({ role }) => role)]
  const conflict = separatesDuties ? conflictOf(held) : undefined
  if (conflict !== undefined)
    throw new NoRoles(`the roles ${conflict.join(' and ')} are not held together: have one of them taken away`)
  const { personScope: scope } = provider
  const email = claims['email_verified'] === true ? textOf(claims['email']) : undefined
  const login = textOf(claims['preferred_username'])
  return {
    id: `person:${scope}:${subject}`,
    name: textOf(claims['name']) ?? login ?? email ?? subject,
    kind: 'person',
    roles,
    ...(within.length === 0 ? {} : { within }),
    keys: [
      makeKey('person', scope, subject),
      ...(email === undefined ? [] : [makeKey('person-email', scope, email)]),
      ...(login === undefined ? [] : [makeKey('person-name', scope, login)]),
    ],
  }
}

function valuesOf(claims: Claims, rolesClaim: string): string[] {
  const named = claimAt(claims, rolesClaim)
  return (Array.isArray(named) ? named : [named]).filter((value) => typeof value === 'string')
}

/** `realm_access.roles`; a claim whose own name has dots is found too. */
function claimAt(claims: Claims, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path]
  return path
    .split('.')
    .reduce<unknown>((value, name) => (isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined), claims)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
