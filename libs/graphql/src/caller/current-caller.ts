import { ROLES, type Caller } from '@catena/domain'
import { createParamDecorator, type ExecutionContext } from '@nestjs/common'
import { GqlExecutionContext } from '@nestjs/graphql'

/** What each request of the API carries. */
export interface CallerContext {
  readonly caller: Caller
}

/** Whoever reaches a loopback port without authentication may do everything. */
export const LOCAL_CALLER: Caller = { id: 'local', name: 'local', kind: 'person', roles: ROLES, keys: [] }

/** Who asks, as an argument of a resolver's method. */
export const CurrentCaller = createParamDecorator(
  (_: unknown, context: ExecutionContext) => GqlExecutionContext.create(context).getContext<CallerContext>().caller,
)
