import { at, isObject, text, type JsonObject, type SourceInstance, type StoredRecord } from '@catena/domain'
import { loggedEvent } from './identify.js'

/** A user event, whichever stream told of it. */
export interface UserEvent {
  /** Type without `_ERROR`. */
  readonly type: string
  /** Name of the realm it happened in. */
  readonly realm: string
  readonly isError: boolean
  readonly error: string | undefined
  readonly userId: string | undefined
  readonly sessionId: string | undefined
  readonly clientId: string | undefined
  readonly address: string | undefined
  /** The event store's own id; a log line has none. */
  readonly id: string | undefined
  readonly detail: (name: string) => string | undefined
}

/** A stored record of a user event; undefined for any other. */
export function readUserEvent(record: StoredRecord, source: SourceInstance): UserEvent | undefined {
  const logged = loggedEvent(record.payload)
  const event = logged ?? record.payload
  const type = text(event.type)
  if (type === undefined || event.operationType !== undefined) return undefined
  return {
    type: type.replace(/_ERROR$/, ''),
    realm: logged === undefined ? source.scope : realmOf(logged),
    isError: type.endsWith('_ERROR') || stated(event.error) !== undefined,
    error: stated(event.error),
    userId: stated(event.userId),
    sessionId: stated(event.sessionId),
    clientId: stated(event.clientId),
    address: stated(event.ipAddress),
    id: logged === undefined ? text(event.id) : undefined,
    detail: detailsOf(logged ?? (isObject(event.details) ? event.details : {})),
  }
}

/** The log names its realm; where an old release does not, its id is at least nobody else's name. */
export function realmOf(logged: JsonObject): string {
  return stated(logged.realmName) ?? stated(logged.realmId) ?? 'unknown'
}

/** The listener writes `null` for what an event does not have. */
export function stated(value: unknown): string | undefined {
  const written = text(value)
  return written === 'null' ? undefined : written
}

function detailsOf(details: JsonObject): UserEvent['detail'] {
  return (name) => text(at(details, name))
}
