import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'

/** The header that asks for an id, and in which it is returned. */
export const CORRELATION_HEADER = 'x-request-id'

/** Ids come from outside and go into logs: one word, short. */
const WELL_FORMED = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/
/** W3C Trace Context, section 3.2: version, trace id, parent id, flags. */
const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?$/
const INVALID_TRACE = /^0+$/

const current = new AsyncLocalStorage<string>()

/** Runs work, and all that it sets off, under an id that each of its log lines bears: one request or one batch. */
export function withCorrelation<Result>(id: string, work: () => Result): Result {
  return current.run(id, work)
}

/** Of the request or batch for which this runs; undefined outside of one. */
export function correlationId(): string | undefined {
  return current.getStore()
}

/** The id that a request brings (x-request-id, else the trace id of traceparent) where it is well formed, else a new one. */
export function correlationOf(headers: Readonly<Record<string, string | readonly string[] | undefined>> = {}): string {
  const given = headers[CORRELATION_HEADER]
  if (typeof given === 'string' && WELL_FORMED.test(given)) return given
  const parent = headers['traceparent']
  const trace = typeof parent === 'string' ? TRACEPARENT.exec(parent)?.[1] : undefined
  return trace === undefined || INVALID_TRACE.test(trace) ? randomUUID() : trace
}
