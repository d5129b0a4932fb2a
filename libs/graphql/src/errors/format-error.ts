import { randomUUID } from 'node:crypto'
import { unwrapResolverError } from '@apollo/server/errors'
import { EventsDetached } from '@catena/ledger'
import { correlationId, isTransient } from '@catena/platform'
import { UnknownCut } from '@catena/projections'
import { GraphQLError, type GraphQLFormattedError } from 'graphql'
import { ApiError, type ApiErrorCode } from './api-error.js'

/** Tells an operator of an internal fault; the client learns the id only. */
export type ReportFault = (error: unknown, correlationId: string) => void

/** Codes that Apollo Server gives to requests it refuses before anything runs. */
const REFUSALS: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
])

/** The one place that turns errors into what clients see: a code, what to do, the id of the request, never an inside. */
export function formatErrors(report: ReportFault) {
  return (formatted: GraphQLFormattedError, thrown: unknown): GraphQLFormattedError => {
    const error = unwrapResolverError(thrown)
    const answer = (code: ApiErrorCode, message: string, more = {}): GraphQLFormattedError => ({
      message,
      ...(formatted.locations === undefined ? {} : { locations: formatted.locations }),
      ...(formatted.path === undefined ? {} : { path: formatted.path }),
      extensions: { code, ...ofRequest(), ...more },
    })
    if (error instanceof ApiError) return answer(error.code, error.message)
    if (error instanceof UnknownCut) return answer('BAD_CUT', 'take the cut that an earlier answer echoed')
    if (error instanceof EventsDetached) return answer('EVENTS_DETACHED', error.message)
    if (isNoText(error)) return answer('BAD_USER_INPUT', 'text with a NUL character matches nothing: leave it out')
    if (isUnavailable(error)) return answer('UNAVAILABLE', 'the database does not answer now: ask again in a moment')
    if (REFUSALS.has(formatted.extensions?.['code'])) return refusal(formatted)
    if (isRefusedByGraphql(error)) return answer('BAD_USER_INPUT', error.message)
    const id = correlationId() ?? randomUUID()
    report(error, id)
    return answer('INTERNAL', `Catena failed to answer: give its operator the id ${id}`, { correlationId: id })
  }
}

/** What graphql-js says of a whole request that it does not run: a subscription, heaps of wrong variables. What failed inside has a path or a cause. */
function isRefusedByGraphql(error: unknown): error is GraphQLError {
  return error instanceof GraphQLError && error.path === undefined && error.originalError === undefined
}

/** PostgreSQL's `character_not_in_repertoire` and `untranslatable_character`: its text holds no NUL, so only a caller's text can be meant. */
function isNoText(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === '22021' || error.code === '22P05')
}

function isUnavailable(error: unknown): boolean {
  return (error instanceof Error && 'retryable' in error && error.retryable === true) || isTransient(error)
}

function refusal({ message, locations, path, extensions }: GraphQLFormattedError): GraphQLFormattedError {
  return {
    message,
    ...(locations === undefined ? {} : { locations }),
    ...(path === undefined ? {} : { path }),
    extensions: { code: extensions?.['code'], ...ofRequest() },
  }
}

/** The id under which the log has this request too. */
function ofRequest(): { correlationId?: string } {
  const id = correlationId()
  return id === undefined ? {} : { correlationId: id }
}
