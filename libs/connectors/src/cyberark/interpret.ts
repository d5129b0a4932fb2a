import {
  issuerScope,
  type Activity,
  type Attributes,
  type SourceInstance,
  type StoredRecord,
  type Target,
} from '@catena/domain'
import { KeyGroups } from '../key-groups.js'
import { withoutUnstated } from '../observation.js'
import type { Concern } from './codes.js'
import { presentLogon, logonAttributes } from './logon.js'
import { outcomeOf, readRecord, type VaultRecord } from './record.js'

/** Syslog of the vault has whole seconds, the audit service milliseconds. */
const resolutionOf = (read: VaultRecord): number => (read.id === undefined ? 1000 : 1)

export function interpretRecord(record: StoredRecord, source: SourceInstance): Activity {
  const read = readRecord(record.payload)
  const { code } = read
  const common = {
    factId: `cyberark:${source.scope}:${read.id ?? `record:${record.recordId}`}`,
    source: source.id,
    type: record.type,
    occurredAt: record.occurredAt,
    resolutionMs: resolutionOf(read),
    conflicts: [],
    positions: [record.position],
  }
  if (code === undefined) return { ...common, kind: 'unclassified', outcome: 'unknown', groups: [], attributes: {} }
  if (code.concern === 'aside')
    return { ...common, kind: code.kind, outcome: outcomeOf(read), groups: [], attributes: {} }
  const groups = new KeyGroups(issuerScope(source.kind, source.scope), record.position)
  const target = code.concern === 'secret' || code.concern === 'session' ? targetOf(read, source) : undefined
  addKeys(groups, read, record, source, target)
  return {
    ...common,
    kind: code.kind,
    outcome: outcomeOf(read),
    ...(target === undefined ? {} : { target }),
    groups: groups.all,
    attributes: withoutUnstated({
      ...attributesOf(read, record, source),
      callerOrigin: originOf(groups, code.concern),
    }),
  }
}

const WITHOUT_CALLER: ReadonlySet<Concern> = new Set(['logon', 'logoff', 'session-end'])

/** The vault serves nobody whom it does not know, whether or not a record names them. */
function originOf(groups: KeyGroups, concern: Concern): string | undefined {
  return groups.has('caller') || WITHOUT_CALLER.has(concern) ? undefined : 'unrecorded'
}

function addKeys(
  groups: KeyGroups,
  read: VaultRecord,
  record: StoredRecord,
  source: SourceInstance,
  target: Target | undefined,
): void {
  const succeeded = outcomeOf(read) === 'succeeded'
  const concern = read.code?.concern
  if (concern === 'logon') {
    if (succeeded) presentLogon(groups, read, record, source)
    return
  }
  if (concern === 'logoff') {
    groups.end('account', 'account', read.issuer)
    return
  }
  if (concern === 'inside' && read.sessionId !== undefined) groups.present('caller', 'system-session', read.sessionId)
  else if (concern !== 'session-end') groups.present('caller', 'account', read.issuer)
  groups.mention('request', 'access-request', read.requestId)
  if (concern === 'session' && succeeded) groups.login('opened-session', 'system-session', read.sessionId)
  if (concern === 'session-end') groups.end('session', 'system-session', read.sessionId)
  if (concern === 'request') groups.mention('approver', 'account', isDecision(read) ? read.issuer : undefined)
  const replaces = read.code?.kind === 'secret-written' || read.code?.kind === 'secret-deleted'
  if (replaces && succeeded) groups.endSlot(target)
}

/** A safe is named for good; files in it are accounts. */
function targetOf({ safe, file }: VaultRecord, source: SourceInstance): Target | undefined {
  if (safe === undefined || file === undefined) return undefined
  const path = file.replace(/^Root\\/, '')
  return { system: issuerScope(source.kind, source.scope), container: safe, containerName: `${safe}/`, path }
}

/** Of somebody: what the vault confirms by itself nobody decided. */
function isDecision({ action = '' }: VaultRecord): boolean {
  return /confirm|reject/i.test(action) && !isAutomatic(action)
}

function isAutomatic(action: string): boolean {
  return /^auto\b/i.test(action)
}

function decisionIn({ action }: VaultRecord): string {
  // By the verb: a confirmation can be rejected and deleted, too.
  if (/reject/i.test(action ?? '')) return 'rejected'
  if (/delete|cancel/i.test(action ?? '')) return 'deleted'
  if (!/confirm/i.test(action ?? '')) return 'requested'
  return isAutomatic(action ?? '') ? 'approved automatically' : 'approved'
}

/** The rotation software is no person, whatever its account is called. */
const ROTATION = new Set(['CPM', 'ImmediateTask'])

function attributesOf(read: VaultRecord, record: StoredRecord, source: SourceInstance): Attributes {
  const { code, issuer, reason } = read
  const isRotation = ROTATION.has(reason ?? '') || ['22', '24', '31', '38', '57', '60', '414'].includes(read.number ?? '')
  const common = {
    address: read.station,
    gateway: read.gateway,
    displayName: issuer,
    ticketId: read.ticketId,
    sessionId: read.sessionId,
    rotation: isRotation ? true : undefined,
    affectedUser: read.targetUser,
    sharedIdentity: source.sharedIdentities.some((prefix) => issuer?.startsWith(prefix)) ? issuer : undefined,
  }
  if (code?.concern === 'logon') return { ...common, ...logonAttributes(read, record, source) }
  if (code?.concern === 'inside') return { ...common, delegated: read.sessionId === undefined ? undefined : true }
  if (code?.concern !== 'request') return common
  return { ...common, decision: decisionIn(read), requestId: read.requestId, approver: isDecision(read) ? issuer : undefined }
} // prettier-ignore
