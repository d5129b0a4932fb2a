import type { ApolloServerPlugin } from '@apollo/server'
import type { CallerContext } from '../caller/current-caller.js'

/** What graphql-js says of names that are nearly right. */
const SUGGESTION = / ?Did you mean .+\?$/s

/** The schema is not told to machines, nor name by name: an error keeps what is wrong and loses what would have been right. */
export function hideSuggestions(): ApolloServerPlugin<CallerContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        willSendResponse({ contextValue: { caller }, response: { body } }) {
          if (caller.kind === 'machine' && body.kind === 'single' && body.singleResult.errors !== undefined)
            body.singleResult.errors = body.singleResult.errors.map((error) => ({
              ...error,
              message: error.message.replace(SUGGESTION, ''),
            }))
          return Promise.resolve()
        },
      }),
  }
}
