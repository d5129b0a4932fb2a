import { isPart, type Caller, type EvidencePart, type Role, type VaultRole } from '@catena/domain'
import { SetMetadata, type CustomDecorator } from '@nestjs/common'

/** Under which the grants of a field stand. */
export const ALLOWED = Symbol('roles that a field answers to')

/** A role that may see or change only what is its holder's own; the handler of the field narrows to that. */
export interface OwnOnly {
  readonly own: Role
}
/** A role that may be held for a part of the evidence only, as some vaults; the handler of the field narrows to that. */
export interface InVaults {
  readonly inVaults: VaultRole
}
export type Grant = Role | OwnOnly | InVaults

export function own(role: Role): OwnOnly {
  return { own: role }
}

/** Whoever holds the role outright sees all; whoever holds it for a part of the evidence only, that. */
export function inVaults(role: VaultRole): InVaults {
  return { inVaults: role }
}

/** Which roles a query, a mutation or a resolved field answers to; on a class, all its fields that name none. A field without answers nobody. */
export const Allow = (...grants: readonly [Grant, ...Grant[]]): CustomDecorator<symbol> => SetMetadata(ALLOWED, grants)

/** How far a caller reaches by these grants; undefined: not at all. */
export type Reach = 'all' | 'part' | 'own'

type Holder = Pick<Caller, 'roles' | 'within'>

export function reachOf(caller: Holder, grants: readonly Grant[] | undefined): Reach | undefined {
  const reaches = (grants ?? []).map((grant) => reachBy(caller, grant))
  return (['all', 'part', 'own'] as const).find((reach) => reaches.includes(reach))
}

function reachBy(caller: Holder, grant: Grant): Reach | undefined {
  const { roles } = caller
  if (typeof grant === 'string') return roles.includes(grant) ? 'all' : undefined
  if ('own' in grant) return roles.includes(grant.own) ? 'own' : undefined
  if (roles.includes(grant.inVaults)) return 'all'
  return partsBy(caller, grant).length > 0 ? 'part' : undefined
}

/** Parts to which a caller's answers from this field are narrowed: what is in any of them; undefined: not at all. */
export function partsOf(caller: Holder, grants: readonly Grant[] | undefined): readonly EvidencePart[] | undefined {
  if (reachOf(caller, grants) === 'all') return undefined
  return (grants ?? []).flatMap((grant) => partsBy(caller, grant))
}

function partsBy({ within = [] }: Holder, grant: Grant): readonly EvidencePart[] {
  if (typeof grant === 'string' || 'own' in grant) return []
  return within.filter((one) => one.role === grant.inVaults && isPart(one)).map(partOf)
}

function partOf({ vaults, environments, units }: EvidencePart): EvidencePart {
  return {
    ...(vaults === undefined ? {} : { vaults }),
    ...(environments === undefined ? {} : { environments }),
    ...(units === undefined ? {} : { units }),
  }
}

/** Of the method, else of its class. */
export function grantsOf(handler: object, resolver: object): readonly Grant[] | undefined {
  return [handler, resolver]
    .map((target) => Reflect.getMetadata(ALLOWED, target) as readonly Grant[] | undefined)
    .find((grants) => grants !== undefined)
}
