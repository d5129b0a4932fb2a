import type { Caller, Role } from '@catena/domain'
import { SetMetadata, type CustomDecorator } from '@nestjs/common'

/** Under which the grants of a field stand. */
export const ALLOWED = Symbol('roles that a field answers to')

/** A role that may see or change only what is its holder's own; the handler of the field narrows to that. */
export interface OwnOnly {
  readonly own: Role
}
export type Grant = Role | OwnOnly

export function own(role: Role): OwnOnly {
  return { own: role }
}

/** Which roles a query, a mutation or a resolved field answers to; on a class, all its fields that name none. A field without answers nobody. */
export const Allow = (...grants: readonly [Grant, ...Grant[]]): CustomDecorator<symbol> => SetMetadata(ALLOWED, grants)

/** How far a caller reaches by these grants; undefined: not at all. */
export type Reach = 'all' | 'own'

export function reachOf({ roles }: Pick<Caller, 'roles'>, grants: readonly Grant[] | undefined): Reach | undefined {
  const reaches = (grants ?? []).map((grant) => reachBy(roles, grant))
  return reaches.includes('all') ? 'all' : reaches.find((reach) => reach !== undefined)
}

function reachBy(roles: readonly Role[], grant: Grant): Reach | undefined {
  if (typeof grant === 'string') return roles.includes(grant) ? 'all' : undefined
  return roles.includes(grant.own) ? 'own' : undefined
}

/** Of the method, else of its class. */
export function grantsOf(handler: object, resolver: object): readonly Grant[] | undefined {
  return [handler, resolver]
    .map((target) => Reflect.getMetadata(ALLOWED, target) as readonly Grant[] | undefined)
    .find((grants) => grants !== undefined)
}
