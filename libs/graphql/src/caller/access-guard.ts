import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common'
import { GqlExecutionContext } from '@nestjs/graphql'
import type { GraphQLResolveInfo } from 'graphql'
import { ApiError } from '../errors/api-error.js'
import { grantsOf, reachOf } from './allow.js'
import type { CallerContext } from './current-caller.js'

/**
 * The one gate before every query, mutation and resolved field: without a grant for the caller nothing runs. Fields that are plain properties
 * come with their object, which a resolved field gave out. Handlers narrow further where a grant is for the caller's own only.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  canActivate(context: ExecutionContext): true {
    if (context.getType<'graphql' | 'http'>() !== 'graphql') return true
    const graphql = GqlExecutionContext.create(context)
    const { caller, refused } = graphql.getContext<CallerContext>()
    const grants = grantsOf(context.getHandler(), context.getClass())
    if (reachOf(caller, grants) !== undefined) return true
    const { parentType, fieldName } = graphql.getInfo<GraphQLResolveInfo>()
    refused.add(`${parentType.name}.${fieldName}`)
    throw new ApiError('FORBIDDEN', 'your roles do not allow this: ask an administrator of your identity provider')
  }
}
