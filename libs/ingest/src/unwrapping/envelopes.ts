import { isObject, type JsonObject } from '@catena/domain'
import { elementsOf, membersOf, type Span } from './json-span.js'

/** `eventType` of the envelope in which an Okta event hook delivers events of the System Log. */
const EVENT_HOOK = 'com.okta.event_hook'

/** Members of an Amazon EventBridge event; `detail` is what the sender wrote. */
const EVENTBRIDGE_MEMBERS = new Set([
  ...['version', 'id', 'detail-type', 'source', 'account', 'time', 'region', 'resources', 'detail'],
  ...['replay-name', 'trace-header', 'event-bus-name'],
])

/** The events inside an Okta event hook's envelope, each where it stands; undefined for any other text. */
export function eventsInHook(text: string): Span[] | undefined {
  if (!text.includes(EVENT_HOOK)) return undefined
  const envelope = parse(text)
  if (envelope?.eventType !== EVENT_HOOK || !isObject(envelope.data)) return undefined
  const { events } = envelope.data
  if (!Array.isArray(events) || events.length === 0 || !events.every(isObject)) return undefined
  const data = membersOf(text, whole(text)).get('data')
  const list = data === undefined ? undefined : membersOf(text, data).get('events')
  return list === undefined ? undefined : elementsOf(text, list)
}

/** What an EventBridge event carries, or the one event of an event hook; undefined for any other text. */
export function eventInEnvelope(text: string): string | undefined {
  if (!text.startsWith('{')) return undefined
  const span = detailOf(text) ?? soleEvent(text)
  return span === undefined ? undefined : text.slice(span.from, span.to)
}

function soleEvent(text: string): Span | undefined {
  const events = eventsInHook(text)
  return events?.length === 1 ? events[0] : undefined
}

function detailOf(text: string): Span | undefined {
  if (!text.includes('"detail-type"')) return undefined
  const envelope = parse(text)
  if (envelope === undefined || !isObject(envelope.detail)) return undefined
  if (typeof envelope['detail-type'] !== 'string' || typeof envelope.source !== 'string') return undefined
  if (!Object.keys(envelope).every((name) => EVENTBRIDGE_MEMBERS.has(name))) return undefined
  return membersOf(text, whole(text)).get('detail')
}

function whole(text: string): Span {
  return { from: text.indexOf('{'), to: text.length }
}

function parse(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
