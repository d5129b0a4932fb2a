import { at, isObject, parseInstant, textAt, type Identified, type JsonObject } from '@catena/domain'
import { parseObject } from '../parsing.js'

/** Member of a record made of a line that is no JSON: the banner and the last line of a server log. */
export const PLAIN_LINE = '@text'

/** An audit record, after the text that an audit device may put before it, or a line of the server log. */
export function parseVault(text: string): JsonObject {
  const start = text.indexOf('{')
  if (start > 0 && text.lastIndexOf('}') > start) return parseObject(text.slice(start))
  if (start < 0 && !text.includes('}')) return { [PLAIN_LINE]: text }
  return parseObject(text)
}

export function isServerLine(record: JsonObject): boolean {
  return PLAIN_LINE in record || '@message' in record
}

export function identifyVault(record: JsonObject): Identified {
  if (isServerLine(record)) {
    const known = !(PLAIN_LINE in record)
    const type = known ? `server.${textAt(record, '@module') ?? 'log'}` : 'server.text'
    return { stream: 'server', type, occurredAt: parseInstant(record['@timestamp']), known }
  }
  const half = textAt(record, 'type')
  const known = (half === 'request' || half === 'response') && isObject(at(record, 'request'))
  return { stream: 'audit', type: half ?? 'audit', occurredAt: parseInstant(record.time), known }
}
