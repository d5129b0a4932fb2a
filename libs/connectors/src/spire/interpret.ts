import {
  issuerScope,
  parseInstant,
  text,
  type Activity,
  type Attributes,
  type JsonObject,
  type Outcome,
  type SourceInstance,
  type StoredRecord,
} from '@catena/domain'
import { KeyGroups } from '../key-groups.js'
import { withoutUnstated } from '../observation.js'
import { isSigned, methodOf, nameOf } from './methods.js'

export function interpretLine(record: StoredRecord, source: SourceInstance): Activity {
  const { payload } = record
  const method = methodOf(payload)
  const common = {
    // One call may sign many: the server gives their lines no ids of their own.
    factId: `spire:${source.scope}:record:${record.recordId}`,
    source: source.id,
    type: record.type,
    occurredAt: record.occurredAt,
    resolutionMs: 1000,
    conflicts: [],
    positions: [record.position],
  }
  const nothing = { ...common, outcome: 'unknown' as const, groups: [], attributes: {} }
  if (method === undefined) return { ...nothing, kind: 'unclassified' }
  if (method.concern === 'aside') return { ...nothing, kind: 'not-about-access' }
  const groups = new KeyGroups(issuerScope(source.kind, source.scope), record.position)
  const outcome = outcomeOf(payload)
  groups.mention('caller-id', 'spiffe-id', text(payload.caller_id))
  if (method.concern === 'svid' && outcome === 'succeeded') establish(groups, payload, record)
  else groups.mention('subject', 'spiffe-id', text(payload.spiffe_id))
  return {
    ...common,
    kind: method.kind,
    outcome,
    groups: groups.all,
    attributes: withoutUnstated({ ...attributesOf(payload), ...(method.concern === 'svid' ? svidOf(payload) : {}) }),
  }
}

/**
 * A workload was attested and got an identity document. Those for TLS have a serial number; of those that are tokens the record stands for
 * the id that nobody writes. They end by themselves.
 */
function establish(groups: KeyGroups, payload: JsonObject, { recordId }: StoredRecord): void {
  const serial = serialOf(payload)
  // The audit entry of an older server names no serial number: the line beside it does.
  const name = serial ?? (isToken(payload) && !isSigned(payload) ? `token/${recordId}` : undefined)
  groups.login('session', 'svid', name)
  groups.end('session-end', 'svid', expiryOf(payload) === undefined ? undefined : name)
  groups.bind('holder', 'spiffe-id', text(payload.spiffe_id))
}

function svidOf(payload: JsonObject): Attributes {
  const expiry = expiryOf(payload)
  return {
    issuedTokenType: isToken(payload) ? 'JWT-SVID' : 'X.509-SVID',
    issuedUntil: expiry,
    endsAt: expiry,
    serialNumber: serialOf(payload),
  }
}

function isToken(payload: JsonObject): boolean {
  return nameOf(payload).includes('JWT')
}

/** Vaults write serial numbers in decimal; hex in pairs is brought to it. */
function serialOf({ serial_num: number, serial_number: other }: JsonObject): string | undefined {
  const written = text(number) ?? text(other)
  if (written === undefined || !written.includes(':')) return written
  return /^[0-9a-f:]{2,80}$/i.test(written) ? BigInt(`0x${written.replaceAll(':', '')}`).toString() : undefined
}

function expiryOf({ expires_at: at, expiration }: JsonObject): number | undefined {
  const seconds = Number(text(at))
  return at !== undefined && Number.isFinite(seconds) ? seconds * 1000 : parseInstant(text(expiration))
}

function attributesOf(payload: JsonObject): Attributes {
  const address = text(payload.caller_addr)
  return {
    address: address === undefined ? undefined : /^\[?([0-9a-fA-F.:]+?)\]?(?::\d{1,5})?$/.exec(address)?.[1],
    displayName: text(payload.caller_id) ?? text(payload.caller_path),
    workload: text(payload.spiffe_id),
    parent: text(payload.parent_id),
    entryId: text(payload.registration_id) ?? text(payload.entry_id),
    authorizedAs: text(payload.authorized_as),
    grantedBy: text(payload.authorized_via) === undefined ? undefined : [text(payload.authorized_via) ?? ''],
    attestation: text(payload.node_attestor_type),
    requestId: text(payload.request_id),
  }
}

const DENIED = new Set(['PermissionDenied', 'Unauthenticated'])

function outcomeOf(payload: JsonObject): Outcome {
  if (payload.type !== 'audit') return isSigned(payload) ? 'succeeded' : 'unknown'
  if (payload.status === 'success') return 'succeeded'
  if (payload.status !== 'error') return 'unknown'
  return DENIED.has(text(payload.status_code) ?? '') ? 'denied' : 'failed'
}
