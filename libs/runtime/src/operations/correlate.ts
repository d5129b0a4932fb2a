import { CORRELATION_HEADER, correlationOf, withCorrelation, type Logger } from '@catena/platform'
import type { IncomingMessage, ServerResponse } from 'node:http'

/** Statuses from here on are faults of ours and told at `warn`; all others at `debug`. */
const FAULT_STATUS = 500

/** Express middleware: the request runs under its correlation id, which its answer returns, and is logged when it is answered. */
export function correlate(logger: Logger) {
  return (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    const id = correlationOf(request.headers)
    const began = performance.now()
    response.setHeader(CORRELATION_HEADER, id)
    response.once('close', () => {
      const level = response.statusCode >= FAULT_STATUS ? 'warn' : 'debug'
      const { method } = request
      const ms = Math.round(performance.now() - began)
      const fields = { correlationId: id, method, path: pathOf(request), status: response.statusCode, ms }
      logger[level](fields, response.writableFinished ? 'answered' : 'cut off before it was answered')
    })
    withCorrelation(id, next)
  }
}

/** Without the query string, which may hold what people asked for. */
function pathOf({ url = '' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? ''
}
