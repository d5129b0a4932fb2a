import { parseInstant, text, type Identified, type JsonObject } from '@catena/domain'
import { typeName } from '../redaction.js'
import { isSigned, methodOf, nameOf } from './methods.js'

export function identifyLine(record: JsonObject): Identified {
  const method = methodOf(record)
  const isAside = method?.concern === 'aside'
  return {
    stream: record.type === 'audit' || isSigned(record) ? 'audit' : 'server',
    type: method === undefined ? 'unknown' : isAside ? typeName(record.subsystem_name, 'server') : nameOf(record),
    occurredAt: parseInstant(text(record.time)),
    known: method !== undefined,
  }
}
