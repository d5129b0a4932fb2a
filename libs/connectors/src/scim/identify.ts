import { parseInstant, text, type Identified, type JsonObject } from '@catena/domain'
import { typeName } from '../redaction.js'

const OPERATIONS = new Set(['create', 'replace', 'patch', 'delete'])
const RESOURCES = new Set(['User', 'Group'])

/** The endpoint writes one record per request that it accepted: when, what was asked for, of which resource, and the body. */
export function identifyScim(record: JsonObject): Identified {
  const [resource, operation] = [text(record.resourceType), text(record.operation)]
  const known = RESOURCES.has(resource ?? '') && OPERATIONS.has(operation ?? '') && text(record.id) !== undefined
  return {
    stream: resource === 'Group' ? 'groups' : 'users',
    type: known ? `${resource ?? ''}.${operation ?? ''}` : typeName(record.operation, 'unknown'),
    occurredAt: parseInstant(record.at),
    known,
  }
}
