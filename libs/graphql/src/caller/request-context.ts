import type { AskingRequest, IdentifyCaller } from '@catena/callers'
import type { QueryBus } from '@nestjs/cqrs'
import { ApiError } from '../errors/api-error.js'
import { sealCursorsFor } from '../paging/cursor-seal.js'
import { ShownEvidence, type ShowingContext } from '../reads/shown-evidence.js'
import { RequestLoaders } from '../request-loaders.js'
import type { CallerContext } from './current-caller.js'

export interface RequestContext extends CallerContext, ShowingContext {
  readonly loaders: RequestLoaders
}

/** Made before anything of a request is parsed: nobody learns nothing, not even whether the query is well formed. Throws UNAUTHENTICATED. */
export function requestContext(identify: IdentifyCaller, queries: QueryBus) {
  return async ({ req }: { readonly req: AskingRequest }): Promise<RequestContext> => {
    const caller = await identify(req)
    if (caller === undefined) throw unauthenticated()
    sealCursorsFor(caller.id)
    return { caller, refused: new Set(), loaders: new RequestLoaders(queries), shown: new ShownEvidence() }
  }
}

function unauthenticated(): ApiError {
  return new ApiError('UNAUTHENTICATED', 'sign in first: with a browser at /login, or send a bearer token', {
    http: { status: 401, headers: new Map([['www-authenticate', 'Bearer realm="catena"']]) },
  })
}
