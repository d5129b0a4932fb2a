import { ROLES, type Role } from '@catena/domain'
import type { Type } from '@nestjs/common'
import {
  RESOLVER_NAME_METADATA,
  RESOLVER_PROPERTY_METADATA,
  RESOLVER_TYPE_METADATA,
} from '@nestjs/graphql/dist/graphql.constants.js'
import { grantsOf, reachOf, type Grant, type Reach } from './allow.js'

/** One operation and what each role may in it. */
export interface AccessRow {
  /** `Query.evidence`, `Credential.chains` */
  readonly field: string
  /** Undefined: no rule, so it answers nobody. */
  readonly grants: readonly Grant[] | undefined
  readonly reach: Readonly<Record<Role, Reach | 'none'>>
}

/** Role × operation, of every field that code resolves. All other fields are properties that come with their object. */
export function accessTable(resolvers: readonly Type[]): AccessRow[] {
  return resolvers.flatMap(rowsOf).sort((a, b) => (a.field < b.field ? -1 : 1))
}

function rowsOf(resolver: Type): AccessRow[] {
  const prototype = resolver.prototype as object
  return Object.getOwnPropertyNames(prototype).flatMap((name) => {
    const method: unknown = Reflect.get(prototype, name)
    if (typeof method !== 'function' || method === resolver) return []
    const type = typeOf(method, resolver)
    if (type === undefined) return []
    const field = (Reflect.getMetadata(RESOLVER_NAME_METADATA, method) as string | undefined) ?? name
    const grants = grantsOf(method, resolver)
    const reach = Object.fromEntries(ROLES.map((role) => [role, reachOf({ roles: [role] }, grants) ?? 'none']))
    return [{ field: `${type}.${field}`, grants, reach: reach as AccessRow['reach'] }]
  })
}

/** Roots are named on the method; of other fields the class says whose they are. */
function typeOf(method: object, resolver: Type): string | undefined {
  const isProperty = Reflect.getMetadata(RESOLVER_PROPERTY_METADATA, method) === true
  const on = Reflect.getMetadata(RESOLVER_TYPE_METADATA, isProperty ? resolver : method) as unknown
  return typeof on === 'string' ? on : undefined
}
