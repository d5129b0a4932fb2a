import { parseInstant, text, type Instant, type JsonObject, type Outcome } from '@catena/domain'
import { looksSecret } from '../redaction.js'
import { named, objectOr } from '../parsing.js'
import { codeOf, type Code } from './codes.js'

/** A record as far as it is read, by whichever way it came. */
export interface VaultRecord {
  readonly id: string | undefined
  readonly number: string | undefined
  readonly action: string | undefined
  readonly code: Code | undefined
  readonly at: Instant | undefined
  readonly issuer: string | undefined
  readonly safe: string | undefined
  readonly file: string | undefined
  readonly requestId: string | undefined
  readonly ticketId: string | undefined
  /** A word that software writes for itself, `CPM`. Reasons of people are free text and not stored. */
  readonly reason: string | undefined
  readonly station: string | undefined
  readonly gateway: string | undefined
  readonly targetUser: string | undefined
  readonly sessionId: string | undefined
  readonly severity: string | undefined
}

/** The audit service names codes of the vault `PAM00295`; those of other services number alike. */
const SERVICE_CODE = /^PAM0*(\d{1,5})$/

export function readRecord(record: JsonObject): VaultRecord {
  return isServiceEvent(record) ? ofService(record) : ofVault(record)
}

export function isServiceEvent(record: JsonObject): boolean {
  return text(record.auditCode) !== undefined && record.audit_record === undefined
}

function ofVault({ audit_record: inner, header }: JsonObject): VaultRecord {
  const record = objectOr(inner)
  const number = text(record.MessageID)
  const action = text(record.Action) ?? text(record.Desc)
  return {
    id: undefined,
    number,
    action,
    code: codeOf(number, action),
    at: instantIn(record.IsoTimestamp) ?? instantIn(record.ReceiptTime) ?? instantIn(objectOr(header).time),
    issuer: named(record.Issuer),
    safe: text(record.Safe),
    file: text(record.File),
    requestId: text(record.RequestId),
    ticketId: text(record.TicketId),
    reason: text(record.Reason),
    station: text(record.Station),
    gateway: text(record.GatewayStation),
    targetUser: text(record.TargetUser),
    sessionId: sessionIn(text(record.ExtraDetails)),
    severity: text(record.Severity),
  }
}

function ofService(record: JsonObject): VaultRecord {
  const [, number] = SERVICE_CODE.exec(text(record.auditCode) ?? '') ?? []
  const action = text(record.action)
  return {
    id: text(record.uuid),
    number,
    action,
    code: codeOf(number, action),
    at: instantIn(record.timestamp),
    issuer: named(record.username) ?? named(record.userId),
    safe: text(record.safe),
    file: text(record.accountName),
    requestId: text(record.requestId),
    ticketId: text(record.ticketId),
    reason: text(record.reason),
    station: text(record.source),
    gateway: undefined,
    targetUser: text(record.targetAccount),
    sessionId: text(record.sessionId),
    severity: text(record.auditType),
  }
}

function instantIn(value: unknown): Instant | undefined {
  if (typeof value === 'number') return value > 0 ? value : undefined
  if (typeof value !== 'string') return undefined
  return /^\d{13}$/.test(value) ? Number(value) : parseInstant(value)
}

/** `ApplicationType=PSMP-SSH;SessionID=…;` */
function sessionIn(details: string | undefined): string | undefined {
  return /(?:^|;)SessionID=([\w-]{8,64})(?:;|$)/.exec(details ?? '')?.[1]
}

/** The number is a name only where it reads as one: it stands in clear in a column. */
export function typeOf({ number, action, code }: VaultRecord): string {
  const words = code !== undefined && action !== undefined && /^[A-Za-z][\w ()/-]{2,60}$/.test(action) && !looksSecret(action) ? ` ${action}` : ''
  return number !== undefined && /^\d{1,5}$/.test(number) ? `${number}${words}` : 'unknown'
} // prettier-ignore

const REFUSED = /unauthorized|authentication failure|undefined user|unauthorised|denied/i

/** Syslog has numbers in place of the vault's words: 5 for *Info*, 7 for *Error*, 10 for *Critical*. */
const BAD = /^(?:error|critical|[7-9]|10)$/i
const GOOD = /^(?:info(?:rmation(?:al)?)?|notice|warning|[0-6])$/i

/** A retrieval that failed has the code and the name of one that went well: only the severity tells them apart. */
export function outcomeOf({ number, action, severity }: VaultRecord): Outcome {
  const words = action ?? ''
  if (REFUSED.test(words) || number === '4' || number === '5' || number === '309') return 'denied'
  if (/fail/i.test(words) || BAD.test(severity ?? '')) return 'failed'
  return GOOD.test(severity ?? '') ? 'succeeded' : 'unknown'
}
