import { ROLES, type Caller } from '@catena/domain'
import { createParamDecorator, type ExecutionContext } from '@nestjs/common'
import { GqlExecutionContext } from '@nestjs/graphql'
import type { GraphQLResolveInfo } from 'graphql'
import { grantsOf, partsOf, reachOf, type Reach } from './allow.js'

/** What each request of the API carries. */
export interface CallerContext {
  readonly caller: Caller
  /** Fields of the schema that were denied in this request: the caller's roles did not allow them, or what was asked of them is not the caller's. */
  readonly refused: Set<string>
}

/** Holds every role: for tests, and for what runs inside the process. */
export const LOCAL_CALLER: Caller = { id: 'local', name: 'local', kind: 'person', roles: ROLES, keys: [] }

/** Who asks, as an argument of a resolver's method. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext) => callerOf(context))

/** How far the caller reaches in this field: `own` must be narrowed to what is the caller's. */
export const CurrentReach = createParamDecorator((_: unknown, context: ExecutionContext): Reach | undefined =>
  reachOf(callerOf(context), grantsOf(context.getHandler(), context.getClass())),
)

/** Parts of the evidence to which this field is narrowed for the caller; undefined: it is not narrowed. */
export const CurrentParts = createParamDecorator((_: unknown, context: ExecutionContext) =>
  partsOf(callerOf(context), grantsOf(context.getHandler(), context.getClass())),
)

export type NoteDenied = () => void

/** Notes that the caller asked this field for what is not theirs: the denial is on record, though their roles allow the field. */
export const CurrentDenial = createParamDecorator(
  (_: unknown, context: ExecutionContext): NoteDenied =>
    () =>
      noteDenied(context),
)

/** Puts the denial of the field that is resolved on record. */
export function noteDenied(context: ExecutionContext): void {
  const graphql = GqlExecutionContext.create(context)
  const { parentType, fieldName } = graphql.getInfo<GraphQLResolveInfo>()
  graphql.getContext<CallerContext>().refused.add(`${parentType.name}.${fieldName}`)
}

function callerOf(context: ExecutionContext): Caller {
  return GqlExecutionContext.create(context).getContext<CallerContext>().caller
}
