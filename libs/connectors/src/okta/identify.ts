import { parseInstant, type Identified, type JsonObject } from '@catena/domain'
import { looksSecret } from '../redaction.js'
import { eventTypeOf } from './event-types.js'

export function identifyOkta(record: JsonObject): Identified {
  const type = typeName(record.eventType)
  return {
    stream: 'system-log',
    type: type ?? 'unknown',
    occurredAt: parseInstant(record.published),
    known: type !== undefined && eventTypeOf(type) !== undefined,
  }
}

/** The type is stored in clear, so nothing but a name may pass as one. Some hold capitals: `user.authentication.auth_via_IDP`. */
function typeName(value: unknown): string | undefined {
  if (typeof value !== 'string' || !/^[a-z][a-z0-9_]{0,40}(?:\.[A-Za-z0-9_]{1,60}){1,9}$/.test(value)) return undefined
  return looksSecret(value) ? undefined : value
}
