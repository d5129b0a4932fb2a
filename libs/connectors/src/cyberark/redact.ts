import { isObject, type JsonObject, type Mask } from '@catena/domain'
import { allow, keep, only, redactBy, shaped } from '../redaction.js'
import { isServiceEvent, outcomeOf, readRecord, typeOf } from './record.js'

/** Reasons are what people typed, or one word that software writes. */
const REASON = shaped(/^(?:CPM|PSM|PVWA|ImmediateTask|AAM)$/)
/** Who, from where and in which session; what else stands in the details is free text. */
const NAME = shaped(/^[\w.@\\ -]{1,128}$/)

const VAULT = allow(
  only({
    format: 'keep',
    header: only(keep('time')),
    audit_record: only({
      ...keep('IsoTimestamp', 'ReceiptTime', 'Hostname', 'Vendor', 'Product', 'Version', 'MessageID', 'Severity'),
      ...keep('Action', 'Desc', 'Safe', 'Station', 'GatewayStation', 'RequestId', 'TicketId'),
      Issuer: NAME,
      SourceUser: NAME,
      TargetUser: NAME,
      File: 'path',
      Reason: REASON,
    }),
  }),
)

const SERVICE = allow(
  only({
    ...keep('uuid', 'tenantId', 'timestamp', 'applicationCode', 'auditCode', 'auditType', 'action', 'userId', 'source'),
    ...keep('actionType', 'serviceName', 'componentName', 'safe', 'sessionId', 'accountId', 'requestId', 'ticketId'),
    ...keep('identityType', 'cloudIdentities', 'cloudProvider', 'accessMethod', 'target', 'targetPlatform'),
    username: NAME,
    targetAccount: NAME,
    accountName: 'path',
    reason: REASON,
  }),
)

const UNKNOWN = allow(
  only({
    format: 'keep',
    header: only(keep('time')),
    audit_record: only(keep('IsoTimestamp', 'ReceiptTime', 'Version')),
    ...keep('uuid', 'timestamp'),
  }),
)

export function redactRecord(record: JsonObject, mask: Mask): JsonObject {
  const read = readRecord(record)
  if (read.code === undefined) return redactBy(UNKNOWN, record, mask)
  const redacted = redactBy(isServiceEvent(record) ? SERVICE : VAULT, record, mask)
  const inner = isObject(redacted.audit_record) ? redacted.audit_record : redacted
  // The action is a column of its own where it reads as one.
  if (typeOf(read).split(' ').length === 1) for (const name of ['Action', 'Desc', 'action']) maskText(inner, name, mask)
  // Whoever failed to log on may have typed anything there.
  if (read.code.concern === 'logon' && outcomeOf(read) !== 'succeeded')
    for (const name of ['Issuer', 'SourceUser', 'TargetUser', 'username']) maskText(inner, name, mask)
  return read.sessionId === undefined || redacted === inner ? redacted : { ...redacted, audit_record: { ...inner, ExtraDetails: `SessionID=${read.sessionId};` } }
} // prettier-ignore

function maskText(holder: JsonObject, name: string, mask: Mask): void {
  const value = holder[name]
  if (typeof value === 'string' && value !== '') holder[name] = mask(value)
}
