import { isObject, text, textAt, UnreadableRecord, type JsonObject } from '@catena/domain'
import { parseObject } from '../parsing.js'
import { contradicts } from './contradiction.js'
import { inferEvent } from './infer-event.js'

/** A webhook as it was delivered, with or without the headers that name its event. */
export interface Delivery {
  /** Name of the event, from the header or, for a bare payload, from its members. */
  readonly event: string | undefined
  readonly action: string | undefined
  /** `X-GitHub-Delivery`: GitHub gives one event the same id on every hook and every redelivery. */
  readonly id: string | undefined
  readonly wrapped: boolean
  readonly body: JsonObject
}

export const EVENT_HEADER = 'X-GitHub-Event'
export const DELIVERY_HEADER = 'X-GitHub-Delivery'

export function readDelivery(record: JsonObject): Delivery {
  const { headers, payload } = record
  const wrapped = isObject(headers) && isObject(payload)
  const body = wrapped ? payload : record
  return {
    event: wrapped ? headerOf(headers, EVENT_HEADER) : inferEvent(body),
    action: textAt(body, 'action'),
    id: wrapped ? headerOf(headers, DELIVERY_HEADER) : undefined,
    wrapped,
    body,
  }
}

/** As `parseObject`; throws UnreadableRecord also where the header names an event that the body cannot be of. */
export function parseDelivery(text: string): JsonObject {
  const record = parseObject(text)
  const { event, wrapped, body } = readDelivery(record)
  if (wrapped && event !== undefined && contradicts(event, body))
    throw new UnreadableRecord('the event in the header is not the one that the body is of')
  return record
}

type Headers = Readonly<Record<string, unknown>>

/** HTTP header names have no case; servers give a repeated one as a list. */
function headerOf(headers: Headers, name: string): string | undefined {
  const entry = Object.entries(headers).find(([other]) => other.toLowerCase() === name.toLowerCase())
  const value: unknown = entry?.[1]
  return text(Array.isArray(value) ? (value as unknown[])[0] : value)
}

/**
 * The record of a webhook received over HTTP: its two identifying headers and the body as it was sent.
 * Throws UnreadableRecord where the body is no JSON object by itself, because such a body could write headers of its own.
 */
export function wrapDelivery(headers: Headers, body: string): string {
  parseObject(body)
  return `{"headers":${JSON.stringify(namesOf(headers))},"payload":${body}}`
}

function namesOf(headers: Headers): Readonly<Record<string, string | undefined>> {
  return {
    [EVENT_HEADER]: headerOf(headers, EVENT_HEADER),
    [DELIVERY_HEADER]: headerOf(headers, DELIVERY_HEADER),
  }
}

/** What a record takes from the headers, none of which is signed; and the id among it. */
export function unsignedIn(headers: Headers): { readonly text: string; readonly id: string | undefined } {
  return { text: JSON.stringify(namesOf(headers)), id: headerOf(headers, DELIVERY_HEADER) }
}
