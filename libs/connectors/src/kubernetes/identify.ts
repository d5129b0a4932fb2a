import { isObject, parseInstant, text, type Identified, type Instant, type JsonObject } from '@catena/domain'
import { looksSecret } from '../redaction.js'

const NAME = /^[a-z][a-z0-9-]{0,62}$/

export function isEvent(record: JsonObject): boolean {
  return (
    record.kind === 'Event' && text(record.apiVersion)?.startsWith('audit.k8s.io/') === true && isObject(record.user)
  )
}

/** When the API server received the request: the same in the records of all its stages. */
export function receivedAt(record: JsonObject): Instant | undefined {
  return instantIn(record.requestReceivedTimestamp) ?? instantIn(record.stageTimestamp)
}

export function instantIn(value: JsonObject[string]): Instant | undefined {
  return typeof value === 'string' ? parseInstant(value) : undefined
}

/** `get secrets`, `create pods/exec`; `get` alone of a path that is no resource. */
export function typeOf(record: JsonObject): string {
  const { resource, subresource } = isObject(record.objectRef) ? record.objectRef : {}
  const [verb, of, sub] = [record.verb, resource, subresource].map(nameIn)
  if (verb === undefined) return 'unknown'
  if (of === undefined) return verb
  return sub === undefined ? `${verb} ${of}` : `${verb} ${of}/${sub}`
}

/** The type stands in clear in a column, so only names pass. */
function nameIn(value: unknown): string | undefined {
  const name = text(value)
  return name !== undefined && NAME.test(name) && !looksSecret(name) ? name : undefined
}

export function identifyEvent(record: JsonObject): Identified {
  const known = isEvent(record)
  return { stream: 'audit', type: known ? typeOf(record) : 'unknown', occurredAt: receivedAt(record), known }
}
