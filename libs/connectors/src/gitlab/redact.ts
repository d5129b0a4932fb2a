import { textAt, type JsonObject, type Mask } from '@catena/domain'
import { allow, redactBy, type RuleLiteral } from '../redaction.js'
import { AUDIT_ENTRY, AUDIT_OF_NOBODY, AUDIT_UNKNOWN, keep, only } from './allowed.js'
import { auditTypeOf, isOfNobody } from './audit-types.js'
import { auditNameOf, isAuditEntry, webhookNameOf } from './identify.js'
import { webhookTypeOf } from './webhook-types.js'

const ENVELOPE: RuleLiteral = keep('object_kind', 'event_name')
const UNKNOWN_WEBHOOK = allow({ ...ENVELOPE, ...keep('created_at', 'updated_at') })
const ENTRY = allow(AUDIT_ENTRY)
const NOBODY = allow(AUDIT_OF_NOBODY)
const UNKNOWN_ENTRY = allow(AUDIT_UNKNOWN)

const webhookRules = new Map<string, ReturnType<typeof allow>>()

export function redactGitlab(record: JsonObject, mask: Mask): JsonObject {
  const redacted = isAuditEntry(record) ? redactAudit(record, mask) : redactBy(webhookRule(record), record, mask)
  for (const name of ['object_kind', 'event_name', 'event_type']) maskUnlessName(redacted, name, mask)
  return redacted
}

function webhookRule(record: JsonObject): ReturnType<typeof allow> {
  const name = webhookNameOf(record)
  const type = name === undefined ? undefined : webhookTypeOf(name)
  if (name === undefined || type === undefined) return UNKNOWN_WEBHOOK
  const rule = webhookRules.get(name) ?? allow(only({ ...ENVELOPE, ...type.allowed }))
  webhookRules.set(name, rule)
  return rule
}

function redactAudit(record: JsonObject, mask: Mask): JsonObject {
  const name = auditNameOf(record)
  if (name === undefined) return redactBy(UNKNOWN_ENTRY, record, mask)
  if (isOfNobody(name)) return redactBy(NOBODY, record, mask)
  if (auditTypeOf(name) === undefined) return redactBy(UNKNOWN_ENTRY, record, mask)
  const redacted = redactBy(ENTRY, record, mask)
  const id = idInMessage(textAt(record, 'details.custom_message'))
  if (id !== undefined) redacted.message_id = id
  return redacted
}

/** Of a free text only the id that it names: `Created personal access token with id 42`. */
function idInMessage(message: string | undefined): number | undefined {
  const [, id] = /\bid:? (\d{1,12})\b/i.exec(message ?? '') ?? []
  return id === undefined ? undefined : Number(id)
}

function maskUnlessName(holder: JsonObject, name: string, mask: Mask): void {
  const value = holder[name]
  if (typeof value === 'string' && !/^[a-z][a-z0-9_]{1,80}$/.test(value)) holder[name] = mask(value)
}
