import type { ApolloServerPlugin } from '@apollo/server'
import type { CallerContext } from '../caller/current-caller.js'
import { ApiError, type ApiErrorCode } from '../errors/api-error.js'
import { CallerBudgets } from './caller-budgets.js'
import { queryCost, type QueryCost } from './query-cost.js'

/** Deepest query; GraphiQL's own question for the schema has 15 levels. */
export const DEPTH_MAX = 20
export const ALIASES_MAX = 50
/** Most values that one answer may be asked for. */
export const VALUES_MAX = 500_000
/** Of one caller in a minute, over all its queries. */
export const VALUES_PER_MINUTE_MAX = 10_000_000

/** Refuses what costs too much before it runs, and callers who ask too much in a minute. Each process counts for itself. */
export function limitQueries(now: () => number): ApolloServerPlugin<CallerContext> {
  const budgets = new CallerBudgets(VALUES_PER_MINUTE_MAX, now)
  return {
    requestDidStart: () =>
      Promise.resolve({
        didResolveOperation({ document, operation, request, contextValue: { caller, refused: fields } }) {
          const cost = queryCost(document, operation, request.variables ?? {})
          requireWithin(cost)
          if (cost.introspects && caller.kind === 'machine') {
            fields.add('Query.__schema')
            throw refused(
              403,
              'FORBIDDEN',
              'machines do not ask for the schema: it is schema.graphql in the repository',
            )
          }
          if (!budgets.spend(caller.id, cost.values))
            throw refused(429, 'TOO_MANY_REQUESTS', 'this caller asked for too much in this minute: go on in the next, with less') // prettier-ignore
          return Promise.resolve()
        },
      }),
  }
}

function requireWithin({ depth, aliases, values }: QueryCost): void {
  const over =
    depth > DEPTH_MAX
      ? `${DEPTH_MAX} levels`
      : aliases > ALIASES_MAX
        ? `${ALIASES_MAX} aliases`
        : values > VALUES_MAX
          ? `${VALUES_MAX} values`
          : undefined
  if (over !== undefined)
    throw refused(400, 'QUERY_TOO_LARGE', `a query may ask for at most ${over}: ask for less at once`)
}

/** Nothing ran, and the fault is the caller's: without a status Apollo Server would say that it is ours. */
function refused(status: number, code: ApiErrorCode, message: string): ApiError {
  return new ApiError(code, message, { http: { status, headers: new Map() } })
}
