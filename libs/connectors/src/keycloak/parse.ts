import { isObject, UnreadableRecord, type JsonObject } from '@catena/domain'
import { parseObject, RECORD_LENGTH_MAX } from '../parsing.js'
import { readMessage } from './message.js'

export const EVENTS_LOGGER = 'org.keycloak.events'

/** `2026-11-23 04:59:09,492 INFO  [org.keycloak.events] (executor-thread-1) type="LOGIN", …` */
const PLAIN_LINE =
  /^(\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}[.,]\d{1,9}(?:Z|[+-]\d{2}:?\d{2})?)\s{1,10}([A-Z]{4,6})\s{1,10}\[org\.keycloak\.events\] \([^()]{0,200}\) (.*)$/s

/**
 * A record is a user event, an admin event or a user of the admin REST API (bare or as `{at, user}`), or a line of the server's log.
 * A log line of the events logger gets `event` (its members by name) in place of `message`.
 */
export function parseKeycloak(text: string): JsonObject {
  if (text.length > RECORD_LENGTH_MAX) throw new UnreadableRecord('record over 1 MiB')
  if (!text.trimStart().startsWith('{') && text.includes(`[${EVENTS_LOGGER}]`)) return parsePlainLine(text)
  const record = parseObject(text)
  return record.loggerName === EVENTS_LOGGER ? withEvent(record) : record
}

function parsePlainLine(text: string): JsonObject {
  const match = PLAIN_LINE.exec(text.trim())
  if (match === null) throw new UnreadableRecord('log line of the events logger in another format')
  const [, timestamp = '', level = '', message = ''] = match
  return withEvent({ timestamp, level, loggerName: EVENTS_LOGGER, message })
}

function withEvent(record: JsonObject): JsonObject {
  const members = typeof record.message === 'string' ? readMessage(record.message) : undefined
  if (members === undefined || isObject(record.event)) return record
  const line = Object.entries(record).filter(([name]) => name !== 'message')
  return Object.fromEntries([...line, ['event', Object.fromEntries(members)]])
}
