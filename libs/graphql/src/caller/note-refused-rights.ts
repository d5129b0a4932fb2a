import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common'
import { tap, type Observable } from 'rxjs'
import { Refused } from '../commands/refused.model.js'
import { noteDenied } from './current-caller.js'

/** Codes by which a rule says that the thing is not the caller's. Who may not answer a request stands in its own stream. */
const NOT_THE_CALLERS: ReadonlySet<string> = new Set(['NOT_THE_OWNER'])

/** What the role allows and the caller has no right to is a denial like what the role does not allow. */
@Injectable()
export class NoteRefusedRights implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(
      tap((answer) => {
        if (answer instanceof Refused && NOT_THE_CALLERS.has(answer.code)) noteDenied(context)
      }),
    )
  }
}
