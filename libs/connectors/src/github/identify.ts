import type { Identified, Instant, JsonObject } from '@catena/domain'
import { looksSecret } from '../redaction.js'
import { classify } from './audit/actions.js'
import { readDelivery, type Delivery } from './delivery.js'
import { firstInstant } from './time.js'
import { WEBHOOKS } from './webhooks/events.js'

const AUDIT_ACTION = /^[a-z0-9_]{1,80}(?:\.[a-z0-9_]{1,80}){1,3}$/i
const WORD = /^[a-z0-9_]{1,80}$/i

/** `@timestamp` under the names that exporters give it. */
const AUDIT_STAMPS = ['@timestamp', 'at_sign_timestamp', 'created_at']

/** An entry of the audit log names its action `category.operation`; no webhook's action has a dot. */
export function isAuditEntry(record: JsonObject): boolean {
  return typeof record.action === 'string' && AUDIT_ACTION.test(record.action)
}

export function identifyGithub(record: JsonObject): Identified {
  return isAuditEntry(record) ? identifyAudit(record) : identifyWebhook(record)
}

function identifyAudit(record: JsonObject): Identified {
  const type = storable(record.action as string, AUDIT_ACTION)
  return { stream: 'audit', type, occurredAt: auditTime(record), known: classify(type) !== undefined }
}

function identifyWebhook(record: JsonObject): Identified {
  const delivery = readDelivery(record)
  const event = storable(delivery.event, WORD)
  const type = delivery.action === undefined ? event : `${event}.${storable(delivery.action, WORD)}`
  return { stream: 'webhooks', type, occurredAt: webhookTime(record, delivery), known: WEBHOOKS.has(event) }
}

export function auditTime(record: JsonObject): Instant | undefined {
  return firstInstant(record, AUDIT_STAMPS)
}

/** Many events carry no time of their own; then a receiver's note of the delivery is the best that is known. */
export function webhookTime(record: JsonObject, delivery: Delivery): Instant | undefined {
  const known = WEBHOOKS.get(delivery.event ?? '')?.time(delivery.body, delivery.action)
  return known ?? (delivery.wrapped ? firstInstant(record, ['delivered_at']) : undefined)
}

/** The type is stored in clear and comes from the sender, so only what reads as a name passes. */
function storable(name: string | undefined, shape: RegExp): string {
  return name !== undefined && shape.test(name) && !looksSecret(name) ? name : 'unknown'
}
