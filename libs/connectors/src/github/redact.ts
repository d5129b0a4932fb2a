import type { JsonObject, Mask } from '@catena/domain'
import { allow, redactBy, type Rule } from '../redaction.js'
import { allowedInAudit } from './audit/allowed.js'
import { DELIVERY_HEADER, EVENT_HEADER, readDelivery } from './delivery.js'
import { isAuditEntry } from './identify.js'
import { ENVELOPE, only } from './webhooks/allowed.js'
import { WEBHOOKS } from './webhooks/events.js'

const UNKNOWN_WEBHOOK = allow(ENVELOPE)
const KNOWN_WEBHOOKS = new Map(
  [...WEBHOOKS].map(([event, { allowed }]) => [event, allow(only({ ...ENVELOPE, ...allowed }))]),
)
const WRAPPER = allow(only({ event: 'keep', id: 'keep', delivered_at: 'keep' }))

export function redactGithub(record: JsonObject, mask: Mask): JsonObject {
  return isAuditEntry(record) ? redactBy(allowedInAudit(record), record, mask) : redactWebhook(record, mask)
}

function redactWebhook(record: JsonObject, mask: Mask): JsonObject {
  const delivery = readDelivery(record)
  const body = redactBy(ruleFor(delivery.event), delivery.body, mask)
  if (!delivery.wrapped) return body
  const { event, id, delivered_at } = redactBy(
    WRAPPER,
    { event: delivery.event, id: delivery.id, delivered_at: record.delivered_at },
    mask,
  )
  return {
    headers: {
      ...(event === undefined ? {} : { [EVENT_HEADER]: event }),
      ...(id === undefined ? {} : { [DELIVERY_HEADER]: id }),
    },
    payload: body,
    ...(delivered_at === undefined ? {} : { delivered_at }),
  }
}

function ruleFor(event: string | undefined): Rule {
  return KNOWN_WEBHOOKS.get(event ?? '') ?? UNKNOWN_WEBHOOK
}
