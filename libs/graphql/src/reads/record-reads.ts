import { hash } from 'node:crypto'
import type { ApolloServerPlugin } from '@apollo/server'
import type { EvidenceRead } from '@catena/callers'
import { correlationId } from '@catena/platform'
import type { CallerContext } from '../caller/current-caller.js'
import { keptOperationName } from '../caller/operation-name.js'
import type { ReportFault } from '../errors/format-error.js'
import type { ShowingContext } from './shown-evidence.js'

export type RecordRead = (read: EvidenceRead) => Promise<void>

/** An answer that holds evidence leaves when the ledger has who reads it. Where it cannot be recorded, nothing is shown (R7.2). */
export function recordReads(
  record: RecordRead,
  expect: () => () => void,
  report: ReportFault,
): ApolloServerPlugin<CallerContext & ShowingContext> {
  const expected = new WeakMap<object, () => void>()
  const arrived = (context: object): void => {
    expected.get(context)?.()
    expected.delete(context)
  }
  return {
    // Then there is no answer to send.
    unexpectedErrorProcessingRequest: ({ requestContext }) => {
      arrived(requestContext.contextValue)
      return Promise.resolve()
    },
    requestDidStart: ({ contextValue }) => {
      expected.set(contextValue, expect())
      return Promise.resolve({
        async willSendResponse({ contextValue, request, operationName, response }) {
          const { caller, shown } = contextValue
          arrived(contextValue)
          if (shown.isEmpty) return
          try {
            await record({
              caller: caller.id,
              operation: keptOperationName(operationName),
              queryHash: hash('sha256', request.query ?? '', 'hex'),
              fields: [...shown.fields].sort(),
              shown: [...shown.shown],
              request: correlationId(),
            })
          } catch (error) {
            report(error, correlationId() ?? '')
            response.body = { kind: 'single', singleResult: { data: null, errors: [unrecorded()] } }
          }
        },
      })
    },
  }
}

function unrecorded() {
  const id = correlationId()
  return {
    message: 'who reads evidence is recorded, and that does not work now: ask again in a moment',
    extensions: { code: 'UNAVAILABLE', ...(id === undefined ? {} : { correlationId: id }) },
  }
}
