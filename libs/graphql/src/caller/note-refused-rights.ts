import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common'
import { GqlExecutionContext } from '@nestjs/graphql'
import type { GraphQLResolveInfo } from 'graphql'
import { tap, type Observable } from 'rxjs'
import { Refused } from '../commands/refused.model.js'
import type { CallerContext } from './current-caller.js'

/** Codes by which a rule says that the thing is not the caller's. Who may not answer a request stands in its own stream. */
const NOT_THE_CALLERS: ReadonlySet<string> = new Set(['NOT_THE_OWNER'])

/** What the role allows and the caller has no right to is a denial like what the role does not allow. */
@Injectable()
export class NoteRefusedRights implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(
      tap((answer) => {
        if (answer instanceof Refused && NOT_THE_CALLERS.has(answer.code)) note(context)
      }),
    )
  }
}

function note(context: ExecutionContext): void {
  const graphql = GqlExecutionContext.create(context)
  const { parentType, fieldName } = graphql.getInfo<GraphQLResolveInfo>()
  graphql.getContext<CallerContext>().refused.add(`${parentType.name}.${fieldName}`)
}
