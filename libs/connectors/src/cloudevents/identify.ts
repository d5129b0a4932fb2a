import { isObject, parseInstant, text, type Identified, type JsonObject } from '@catena/domain'
import { typeName } from '../redaction.js'
import { eventTypeOf, type EventType } from './event-types.js'

/** CloudEvents 1.0 asks for these of every event; without them nobody can say which event it is. */
export function isEvent(record: JsonObject): boolean {
  return text(record.specversion)?.startsWith('1.') === true && [record.id, record.source].every((one) => text(one))
}

/** The type, where the record is an event of this profile with data. */
export function profiledType(record: JsonObject): EventType | undefined {
  return isEvent(record) && isObject(record.data) ? eventTypeOf(record.type) : undefined
}

export function identifyEvent(record: JsonObject): Identified {
  return {
    stream: 'events',
    type: typeName(record.type, 'unknown'),
    occurredAt: typeof record.time === 'string' ? parseInstant(record.time) : undefined,
    known: profiledType(record) !== undefined,
  }
}
