import { isObject, text, textAt, type Identified, type JsonObject } from '@catena/domain'
import { looksSecret } from '../redaction.js'
import { auditTypeOf } from './audit-types.js'
import { firstInstant } from './time.js'
import { webhookTypeOf } from './webhook-types.js'

const NAME = /^[a-z][a-z0-9_]{1,80}$/

/** An entry of the audit log says of what kind of thing it tells; no webhook does. */
export function isAuditEntry({ entity_type: entity, author_id: author, details }: JsonObject): boolean {
  return typeof entity === 'string' && (author !== undefined || isObject(details))
}

/** The type stands in clear in a column, so only names pass. */
function nameIn(value: unknown): string | undefined {
  const name = text(value)
  return name !== undefined && NAME.test(name) && !looksSecret(name) ? name : undefined
}

/** Hooks of projects name their kind; hooks of groups and of the whole instance, and warnings of expiry, an event besides. */
export function webhookNameOf(record: JsonObject): string | undefined {
  return nameIn(record.object_kind) ?? nameIn(record.event_name)
}

/** Streamed entries name their type; pulled ones may only say what was added, changed or removed. */
export function auditNameOf(record: JsonObject): string | undefined {
  const named = nameIn(record.event_type) ?? nameIn(record.event_name) ?? nameIn(textAt(record, 'details.event_name'))
  if (named !== undefined) return named
  const details = isObject(record.details) ? record.details : {}
  if (details.failed_login !== undefined) return 'failed_login'
  if (details.with !== undefined) return 'login'
  for (const verb of ['add', 'remove', 'change']) {
    const thing = nameIn(details[verb])
    if (thing !== undefined) return `${verb} ${thing}`
  }
  return undefined
}

export function identifyGitlab(record: JsonObject): Identified {
  return isAuditEntry(record) ? identifyAudit(record) : identifyWebhook(record)
}

function identifyAudit(record: JsonObject): Identified {
  const name = auditNameOf(record)
  return {
    stream: 'audit',
    type: name ?? 'unknown',
    occurredAt: firstInstant(record, ['created_at']),
    known: name !== undefined && (auditTypeOf(name) !== undefined || name === 'failed_login'),
  }
}

function identifyWebhook(record: JsonObject): Identified {
  const name = webhookNameOf(record)
  const state = name === undefined ? undefined : stateOf(record, name)
  return {
    stream: 'webhooks',
    type: name === undefined ? 'unknown' : state === undefined ? name : `${name}.${state}`,
    occurredAt: firstInstant(record, stampsOf(record)),
    known: name !== undefined && webhookTypeOf(name) !== undefined,
  }
}

function stateOf(record: JsonObject, name: string): string | undefined {
  return nameIn(textAt(record, STATES.get(name) ?? ''))
}

/** Where a delivery of each kind tells the state. */
const STATES: ReadonlyMap<string, string> = new Map([
  ['pipeline', 'object_attributes.status'],
  ['build', 'build_status'],
  ['deployment', 'status'],
])

/** The moment that a delivery tells of: a finished job's end, a running one's start. */
function stampsOf(record: JsonObject): readonly string[] {
  if (record.object_kind === 'build') return ['build_finished_at', 'build_started_at', 'build_created_at']
  if (record.object_kind === 'pipeline') return ['object_attributes.finished_at', 'object_attributes.created_at']
  if (record.object_kind === 'deployment') return ['status_changed_at']
  return ['updated_at', 'created_at']
}
