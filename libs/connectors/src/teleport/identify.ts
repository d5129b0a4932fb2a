import { parseInstant, text, type Identified, type JsonObject } from '@catena/domain'
import { typeName } from '../redaction.js'
import { eventTypeOf, type EventType } from './event-types.js'

/** The type, where the record is an audit event. */
export function typeOf(record: JsonObject): EventType | undefined {
  return text(record.code) === undefined ? undefined : eventTypeOf(record.event)
}

export function identifyEvent(record: JsonObject): Identified {
  return {
    stream: text(record.sid) === undefined ? 'events' : 'sessions',
    type: typeName(record.event, 'unknown'),
    occurredAt: typeof record.time === 'string' ? parseInstant(record.time) : undefined,
    known: typeOf(record) !== undefined,
  }
}
