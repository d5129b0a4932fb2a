import { GraphQLError } from 'graphql'

/** What a client can act upon. Errors of the query's text keep the codes of Apollo Server (GRAPHQL_VALIDATION_FAILED…). */
export type ApiErrorCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'BAD_USER_INPUT'
  | 'BAD_CURSOR'
  | 'BAD_CUT'
  | 'PAGE_TOO_LARGE'
  | 'QUERY_TOO_LARGE'
  | 'TOO_MANY_REQUESTS'
  | 'EVENTS_DETACHED'
  | 'UNAVAILABLE'
  | 'INTERNAL'

/** The caller's mistake: the message says what to do instead. */
export class ApiError extends GraphQLError {
  constructor(
    readonly code: ApiErrorCode,
    message: string,
    /** For Apollo Server: `http` sets status and headers of the answer; clients do not see it. */
    extensions: { readonly http?: { readonly status: number; readonly headers: Map<string, string> } } = {},
  ) {
    super(message, { extensions: { code, ...extensions } })
    this.name = 'ApiError'
  }
}

export function badInput(message: string): ApiError {
  return new ApiError('BAD_USER_INPUT', message)
}
