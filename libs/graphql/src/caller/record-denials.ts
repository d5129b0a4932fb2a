import type { ApolloServerPlugin } from '@apollo/server'
import type { Denial } from '@catena/callers'
import { correlationId } from '@catena/platform'
import type { ReportFault } from '../errors/format-error.js'
import type { CallerContext } from './current-caller.js'
import { keptOperationName } from './operation-name.js'

export type RecordDenial = (denial: Denial) => Promise<void>

/** What a caller's roles did not allow is in the ledger before they hear of it (R7.1). Where it cannot be recorded they are refused all the same. */
export function recordDenials(record: RecordDenial, report: ReportFault): ApolloServerPlugin<CallerContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        async willSendResponse({ contextValue: { caller, refused }, operationName }) {
          if (refused.size === 0) return
          const fields = [...refused].sort()
          const operation = keptOperationName(operationName)
          await record({ caller: caller.id, operation, fields, request: correlationId() }).catch((error: unknown) =>
            report(error, correlationId() ?? ''),
          )
        },
      }),
  }
}
