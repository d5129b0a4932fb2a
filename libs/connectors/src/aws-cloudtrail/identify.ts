import { parseInstant, text, type Identified, type JsonObject } from '@catena/domain'
import { looksSecret } from '../redaction.js'
import { eventNameOf, type EventName } from './event-names.js'

/** Where a trail writes what. */
const STREAMS: ReadonlyMap<string, string> = new Map([
  ['AwsCloudTrailInsight', 'insights'],
  ['AwsVpceEvent', 'network-activity'],
])

const SERVICE = /^([a-z0-9-]{2,40})\.amazonaws\.com(?:\.cn)?$/
const NAME = /^[A-Z][A-Za-z0-9_]{1,80}$/

interface Named {
  readonly service: string
  readonly name: string
}

/** The service without its domain, and the event's name; both stand in clear in a column, so only names pass. */
export function namesOf(record: JsonObject): Named | undefined {
  const [, service] = SERVICE.exec(text(record.eventSource) ?? '') ?? []
  const name = text(record.eventName)
  if (service === undefined || name === undefined || !NAME.test(name)) return undefined
  return looksSecret(service) || looksSecret(name) ? undefined : { service, name }
}

export function callOf(record: JsonObject): (Named & EventName) | undefined {
  if (isAside(record)) return undefined
  const names = namesOf(record)
  const known = names === undefined ? undefined : eventNameOf(names.service, names.name)
  return names === undefined || known === undefined ? undefined : { ...names, ...known }
}

/** Insights are statistics over calls, and digests prove the log's files: neither tells of a call. */
export function isAside(record: JsonObject): boolean {
  return ['insights', 'digests'].includes(streamOf(record))
}

function streamOf(record: JsonObject): string {
  if (isDigest(record)) return 'digests'
  return STREAMS.get(text(record.eventType) ?? '') ?? 'events'
}

function isDigest(record: JsonObject): boolean {
  return text(record.digestStartTime) !== undefined && Array.isArray(record.logFiles)
}

export function identifyEvent(record: JsonObject): Identified {
  const stream = streamOf(record)
  const names = namesOf(record)
  const type = names === undefined ? 'unknown' : `${names.service}:${names.name}`
  const stamp = stream === 'digests' ? record.digestEndTime : record.eventTime
  return {
    stream,
    type: stream === 'digests' ? 'digest' : stream === 'insights' ? 'insight' : type,
    occurredAt: typeof stamp === 'string' ? parseInstant(stamp) : undefined,
    known: callOf(record) !== undefined || isAside(record),
  }
}
