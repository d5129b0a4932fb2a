import { EventsDetached } from '@catena/ledger'
import { DatabaseUnavailable } from '@catena/platform'
import { UnknownCut } from '@catena/projections'
import { describe, expect, it } from '@jest/globals'
import { GraphQLError } from 'graphql'
import { ApiError } from './api-error.js'
import { formatErrors } from './format-error.js'

const reported: [unknown, string][] = []
const format = formatErrors((error, id) => void reported.push([error, id]))
const thrown = (originalError: Error) => {
  const error = new GraphQLError(originalError.message, { originalError, path: ['evidence'] })
  return format({ ...error.toJSON(), extensions: { code: 'INTERNAL_SERVER_ERROR', stacktrace: ['at x'] } }, error)
}

describe('an error', () => {
  it.each([
    [new ApiError('PAGE_TOO_LARGE', 'fewer'), 'PAGE_TOO_LARGE', 'fewer'],
    [new UnknownCut('c9.x'), 'BAD_CUT', 'take the cut that an earlier answer echoed'],
    [new EventsDetached({ first: 1, last: 9, file: 'events-1-9.pgcopy.gz' }), 'EVENTS_DETACHED', 'events 1 to 9 are detached: reattach events-1-9.pgcopy.gz to read them'],
    [new DatabaseUnavailable('db:5432 is gone'), 'UNAVAILABLE', 'the database does not answer now: ask again in a moment'],
    [Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }), 'UNAVAILABLE', 'the database does not answer now: ask again in a moment'],
  ])('%s has a code and says what to do', (error, code, message) => {
    expect(thrown(error)).toEqual({ message, path: ['evidence'], extensions: { code } })
  }) // prettier-ignore

  it('inside Catena tells an id to the client and the fault to the operator', () => {
    const fault = Object.assign(new Error('relation "access_fact" does not exist'), { code: '42P01' })
    const answer = thrown(fault)
    const [error, id] = reported.at(-1)!
    expect(error).toBe(fault)
    expect(answer.extensions).toEqual({ code: 'INTERNAL', correlationId: id })
    expect(JSON.stringify(answer)).not.toMatch(/access_fact|42P01|stack/)
  })

  it('of graphql-js about the whole request is the mistake of the caller, and no fault', () => {
    const before = reported.length
    const [own, inside] = [
      new GraphQLError('Too many errors'),
      new GraphQLError('x', { originalError: new Error('y') }),
    ]
    expect(format(own.toJSON(), own)).toEqual({ message: 'Too many errors', extensions: { code: 'BAD_USER_INPUT' } })
    expect(reported).toHaveLength(before)
    expect(format(inside.toJSON(), inside).extensions).toMatchObject({ code: 'INTERNAL' })
  })

  it('of the query text keeps its code and loses everything else', () => {
    const error = new GraphQLError('Cannot query field "x"')
    const answer = format(
      { message: error.message, extensions: { code: 'GRAPHQL_VALIDATION_FAILED', stacktrace: ['at x'] } },
      error,
    )
    expect(answer).toEqual({ message: error.message, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } })
  })
})
