import { AsyncLocalStorage } from 'node:async_hooks'
import type { CallerKeys } from '@catena/callers'
import type { RequestHandler } from 'express'

/** Of one request; the caller is known once its context is made. */
interface Sealing {
  readonly keys: CallerKeys
  caller?: string
}

const current = new AsyncLocalStorage<Sealing>()

/** Before the API: cursors of its answers are signed for the caller who gets them. */
export function sealCursors(keys: CallerKeys): RequestHandler {
  return (_request, _response, next) => current.run({ keys }, next)
}

export function sealCursorsFor(caller: string): void {
  const sealing = current.getStore()
  if (sealing !== undefined) sealing.caller = caller
}

/** With the seal behind a dot; outside of requests as it is. */
export function sealed(text: string): string {
  const sealing = current.getStore()
  return sealing?.caller === undefined ? text : `${text}.${sealing.keys.seal(sealing.caller, text)}`
}

/** Undefined: it was not written here for this caller. */
export function unsealed(text: string): string | undefined {
  const sealing = current.getStore()
  if (sealing?.caller === undefined) return text
  const dot = text.lastIndexOf('.')
  const inner = text.slice(0, Math.max(dot, 0))
  return dot > 0 && sealing.keys.isSeal(sealing.caller, inner, text.slice(dot + 1)) ? inner : undefined
}
