import { parseInstant, text, type ActivityKind, type Identified, type JsonObject } from '@catena/domain'
import { looksSecret } from '../redaction.js'
import { kindOf } from './operations.js'

const REQUEST = /^[A-Z][A-Za-z]{2,60}$/
const CALL = /^[a-z][a-z0-9.-]{2,60}(?:\/[a-z0-9.$_-]{1,80}){1,10}$/

export interface Operation {
  readonly stream: 'audit' | 'activity'
  readonly name: string
  readonly kind: ActivityKind | undefined
}

/** Categories of the activity log that tell of the platform and of nobody's call. */
const ASIDE = /^(?:ResourceHealth|ServiceHealth|Autoscale|Recommendation|Alert|AzurePolicyEvaluationDetails)$/

/** Undefined where the record is neither a request to a vault nor a call of the resource manager. */
export function operationOf(record: JsonObject): Operation | undefined {
  const [category, operation] = [text(record.category) ?? '', text(record.operationName)]
  if (operation === undefined || looksSecret(operation)) return undefined
  if (category === 'AuditEvent') return REQUEST.test(operation) ? known('audit', operation) : undefined
  const name = operation.toLowerCase()
  if (!['Administrative', 'Policy', 'Security', 'Write', 'Delete', 'Action'].includes(category) || !CALL.test(name)) return undefined
  return known('activity', name)
} // prettier-ignore

function known(stream: Operation['stream'], name: string): Operation {
  return { stream, name, kind: kindOf(stream, name) }
}

export function isAside(record: JsonObject): boolean {
  return ASIDE.test(text(record.category) ?? '')
}

export function identifyKeyVault(record: JsonObject): Identified {
  const operation = operationOf(record)
  const occurredAt = typeof record.time === 'string' ? parseInstant(record.time) : undefined
  return {
    stream: operation?.stream ?? 'others',
    type: operation?.name ?? 'unknown',
    occurredAt,
    known: operation?.kind !== undefined || isAside(record),
  }
}
