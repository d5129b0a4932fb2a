import { isObject, text, textAt, type JsonObject } from '@catena/domain'
import { parseObject } from '../parsing.js'
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
  const named = {
    [EVENT_HEADER]: headerOf(headers, EVENT_HEADER),
    [DELIVERY_HEADER]: headerOf(headers, DELIVERY_HEADER),
  }
  return `{"headers":${JSON.stringify(named)},"payload":${body}}`
}
