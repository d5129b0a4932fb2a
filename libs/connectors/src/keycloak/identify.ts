import { isObject, parseInstant, text, type Identified, type Instant, type Json, type JsonObject } from '@catena/domain'
import { looksSecret } from '../redaction.js'
import { isAdminEventType, isUserEventType } from './event-types.js'
import { EVENTS_LOGGER } from './parse.js'

type Stream = 'events' | 'admin-events' | 'log' | 'directory' | 'other'

/** Records do not say which stream they belong to, but their shapes differ. */
export function streamOf(record: JsonObject): Stream {
  if (typeof record.loggerName === 'string') return 'log'
  if (typeof record.operationType === 'string' && typeof record.resourceType === 'string') return 'admin-events'
  if (typeof record.type === 'string' && typeof record.time === 'number' && text(record.realmId)) return 'events'
  return isUser(record) || datedUser(record) !== undefined ? 'directory' : 'other'
}

function isUser(record: JsonObject): boolean {
  return text(record.id) !== undefined && text(record.username) !== undefined && record.type === undefined
}

/** A user as it was represented at a moment: whoever asks for it adds `at`, because the admin API tells no time. */
export function datedUser(record: JsonObject): { readonly at: Instant; readonly user: JsonObject } | undefined {
  const { at, user } = record
  const instant = parseInstant(text(at))
  return instant !== undefined && isObject(user) && isUser(user) ? { at: instant, user } : undefined
}

/** The event inside a log line, as `parse` has put it there. */
export function loggedEvent(record: JsonObject): JsonObject | undefined {
  return record.loggerName === EVENTS_LOGGER && isObject(record.event) ? record.event : undefined
}

export function identifyKeycloak(record: JsonObject): Identified {
  const stream = streamOf(record)
  switch (stream) {
    case 'log': {
      const occurredAt = parseInstant(record.timestamp)
      const event = loggedEvent(record)
      return { stream, occurredAt, ...(event === undefined ? { type: 'log', known: true } : typeOf(event)) }
    }
    case 'events':
    case 'admin-events':
      return { stream, occurredAt: parseInstant(record.time), ...typeOf(record) }
    case 'directory':
      // That somebody asked for the directory is no sign of life of the events.
      return { stream, occurredAt: undefined, type: 'user', known: true }
    case 'other':
      return { stream, occurredAt: parseInstant(record.time), type: 'unknown', known: false }
  }
}

function typeOf(event: JsonObject): { type: string; known: boolean } {
  const [operation, resource] = [typeName(event.operationType), typeName(event.resourceType)]
  if (operation !== undefined && resource !== undefined)
    return { type: `${operation} ${resource}`, known: isAdminEventType(operation, resource) }
  const type = typeName(event.type)
  return type === undefined ? { type: 'unknown', known: false } : { type, known: isUserEventType(type) }
}

/** The type is stored in clear, so nothing but a name may pass as one. */
function typeName(value: Json | undefined): string | undefined {
  if (typeof value !== 'string' || !/^[A-Z][A-Z0-9_]{0,63}$/.test(value)) return undefined
  return looksSecret(value) ? undefined : value
}
