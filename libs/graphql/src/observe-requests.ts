import type { ApolloServerPlugin } from '@apollo/server'

/** What a GraphQL request was and how it ended. `unknown`: its text was not understood. */
export interface ObservedRequest {
  readonly operation: 'query' | 'mutation' | 'subscription' | 'unknown'
  /** `refused`: nothing ran. `errors`: some part of the answer is missing. */
  readonly outcome: 'answered' | 'errors' | 'refused'
  readonly seconds: number
}

export type ObserveRequest = (request: ObservedRequest) => void

/** Tells of each request when its answer is ready; names and text of operations come from clients and are left out. */
export function observeRequests(observe: ObserveRequest): ApolloServerPlugin {
  return {
    requestDidStart() {
      const began = performance.now()
      let ran = false
      return Promise.resolve({
        executionDidStart() {
          ran = true
          return Promise.resolve()
        },
        willSendResponse({ operation, errors }) {
          observe({
            operation: operation?.operation ?? 'unknown',
            outcome: !ran ? 'refused' : errors === undefined ? 'answered' : 'errors',
            seconds: (performance.now() - began) / 1000,
          })
          return Promise.resolve()
        },
      })
    },
  }
}
