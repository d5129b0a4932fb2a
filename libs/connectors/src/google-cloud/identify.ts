import { parseInstant, text, textAt, type Identified, type JsonObject } from '@catena/domain'
import { looksSecret } from '../redaction.js'
import { methodOf, type Method } from './methods.js'

const SERVICE = /^([a-z][a-z0-9-]{1,60})\.googleapis\.com$/
const NAME = /^[A-Za-z][A-Za-z0-9_.]{1,160}$/

interface Call extends Method {
  readonly service: string
  /** The last part of the method's name. */
  readonly name: string
}

interface Named {
  readonly service: string
  readonly name: string
}

/** The service without its domain, and the method's last part; both stand in clear in a column, so only names pass. */
function namesOf(record: JsonObject): Named | undefined {
  const [, service] = SERVICE.exec(textAt(record, 'protoPayload.serviceName') ?? '') ?? []
  const method = textAt(record, 'protoPayload.methodName')
  if (service === undefined || method === undefined || !NAME.test(method) || looksSecret(method)) return undefined
  return { service, name: method.slice(method.lastIndexOf('.') + 1) }
}

export function callOf(record: JsonObject): Call | undefined {
  const names = namesOf(record)
  const method = names === undefined ? undefined : methodOf(names.service, names.name)
  return names === undefined || method === undefined ? undefined : { ...names, ...method }
}

/** `activity`, `data_access`, `system_event`, `policy`: the four audit logs. */
export function logOf(record: JsonObject): string | undefined {
  return /\/logs\/cloudaudit\.googleapis\.com(?:%2F|\/)([a-z_]{4,20})$/i.exec(text(record.logName) ?? '')?.[1]
}

export function identifyLogEntry(record: JsonObject): Identified {
  const names = namesOf(record)
  return {
    stream: logOf(record) ?? 'audit',
    type: names === undefined ? 'unknown' : `${names.service}:${names.name}`,
    occurredAt: typeof record.timestamp === 'string' ? parseInstant(record.timestamp) : undefined,
    known: callOf(record) !== undefined,
  }
}
