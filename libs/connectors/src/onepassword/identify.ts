import { parseInstant, text, type Identified, type JsonObject } from '@catena/domain'
import { eventTypeOf } from './event-types.js'

const STREAMS = { usage: 'item-usages', 'sign-in': 'sign-ins', audit: 'audit-events' } as const

export function identifyEvent(record: JsonObject): Identified {
  const type = eventTypeOf(record)
  return {
    stream: type === undefined ? 'events' : STREAMS[type.concern],
    type: type?.name ?? 'unknown',
    occurredAt: parseInstant(text(record.timestamp)),
    known: type !== undefined,
  }
}
