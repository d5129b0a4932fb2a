import { issuerScope, textAt, type Activity, type SourceInstance, type StoredRecord } from '@catena/domain'
import { tellAudit } from './audit/entry.js'
import { readDelivery } from './delivery.js'
import { Groups } from './groups.js'
import { auditTime, webhookTime } from './identify.js'
import { UNREADABLE, type Reading, type Told } from './told.js'
import { WEBHOOKS } from './webhooks/events.js'

/** GitHub stamps webhooks in whole seconds and audit entries in milliseconds. */
const WEBHOOK_RESOLUTION_MS = 1000
const AUDIT_RESOLUTION_MS = 1

export function interpretGithub(record: StoredRecord, source: SourceInstance): Activity {
  return record.stream === 'audit' ? interpretAudit(record, source) : interpretWebhook(record, source)
}

function interpretAudit(record: StoredRecord, source: SourceInstance): Activity {
  const body = record.payload
  const groups = new Groups(source.scope, record.position)
  const told = tellAudit(readingOf(body, textAt(body, 'action'), groups, source))
  return {
    ...common(record, source, told, groups, textAt(body, '_document_id')),
    occurredAt: auditTime(body) ?? record.occurredAt,
    resolutionMs: AUDIT_RESOLUTION_MS,
  }
}

function interpretWebhook(record: StoredRecord, source: SourceInstance): Activity {
  const delivery = readDelivery(record.payload)
  const groups = new Groups(source.scope, record.position)
  const type = WEBHOOKS.get(delivery.event ?? '')
  const told = type?.tell(readingOf(delivery.body, delivery.action, groups, source)) ?? UNREADABLE
  const id = told.fact ?? (delivery.id === undefined ? undefined : `delivery:${delivery.id}`)
  return {
    ...common(record, source, told, groups, id),
    occurredAt: webhookTime(record.payload, delivery) ?? record.occurredAt,
    resolutionMs: WEBHOOK_RESOLUTION_MS,
  }
}

function readingOf(body: Reading['body'], action: string | undefined, groups: Groups, source: SourceInstance): Reading {
  return { body, action, groups, system: issuerScope('github', source.scope) }
}

type Common = Omit<Activity, 'occurredAt' | 'resolutionMs'>

function common(
  record: StoredRecord,
  source: SourceInstance,
  told: Told,
  groups: Groups,
  id: string | undefined,
): Common {
  const stream = record.stream === 'audit' ? 'audit' : 'webhook'
  return {
    factId: `github:${source.scope}:${id === undefined ? `record:${record.recordId}` : `${stream}:${id}`}`,
    source: record.source,
    kind: told.kind,
    type: record.type,
    outcome: told.outcome ?? (told.kind === 'unclassified' ? 'unknown' : 'succeeded'),
    ...(told.target === undefined ? {} : { target: told.target }),
    groups: told.kind === 'unclassified' ? [] : groups.all,
    attributes: told.attributes,
    conflicts: [],
    positions: [record.position],
  }
}
