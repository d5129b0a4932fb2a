import type { ApolloServerPlugin } from '@apollo/server'
import { ApiError } from '../errors/api-error.js'

/** What stands in an address stands in logs and histories, too: names of people and credentials stay in bodies. */
export function onlyByPost(): ApolloServerPlugin {
  return {
    requestDidStart: () =>
      Promise.resolve({
        didResolveOperation({ request: { http } }) {
          if (http === undefined || http.method === 'POST') return Promise.resolve()
          const headers = new Map([['allow', 'POST']])
          throw new ApiError('BAD_USER_INPUT', 'send it by POST, with a body of JSON', {
            http: { status: 405, headers },
          })
        },
      }),
  }
}
