import type { Role } from '@catena/domain'
import { SetMetadata, type CustomDecorator } from '@nestjs/common'

/** Under which the roles of a field stand. */
export const ALLOWED = Symbol('roles that a field answers to')

/** Which roles a query, a mutation or a field of the root answers to. A field without it answers nobody, once callers are known. */
export const Allow = (...roles: readonly [Role, ...Role[]]): CustomDecorator<symbol> => SetMetadata(ALLOWED, roles)
