import type { ApolloServerPlugin } from '@apollo/server'
import type { Denial } from '@catena/callers'
import { correlationId } from '@catena/platform'
import type { ReportFault } from '../errors/format-error.js'
import type { CallerContext } from './current-caller.js'

export type RecordDenial = (denial: Denial) => Promise<void>

/** Longest name of an operation that is kept. */
const NAME_LENGTH_MAX = 128

/** What a caller's roles did not allow is in the ledger before they hear of it (R7.1). Where it cannot be recorded they are refused all the same. */
export function recordDenials(record: RecordDenial, report: ReportFault): ApolloServerPlugin<CallerContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        async willSendResponse({ contextValue: { caller, refused }, operationName }) {
          if (refused.size === 0) return
          const fields = [...refused].sort()
          const name = operationName?.slice(0, NAME_LENGTH_MAX) ?? undefined
          await record({ caller: caller.id, operation: name, fields, request: correlationId() }).catch(
            (error: unknown) => report(error, correlationId() ?? ''),
          )
        },
      }),
  }
}
