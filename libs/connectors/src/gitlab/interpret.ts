import { issuerScope, text, type Activity, type SourceInstance, type StoredRecord } from '@catena/domain'
import { KeyGroups } from '../key-groups.js'
import { withoutUnstated } from '../observation.js'
import { tellAudit } from './audit.js'
import type { Reading } from './told.js'
import { tellWebhook } from './webhook.js'

/** Job and pipeline stamps of older versions are whole seconds, and nothing tells which version wrote them. */
const WEBHOOK_RESOLUTION_MS = 1000
const AUDIT_RESOLUTION_MS = 1

export function interpretGitlab(record: StoredRecord, source: SourceInstance): Activity {
  const system = issuerScope('gitlab', source.scope)
  const groups = new KeyGroups(system, record.position)
  const reading: Reading = { body: record.payload, groups, system }
  const isAudit = record.stream === 'audit'
  const told = isAudit ? tellAudit(reading) : tellWebhook(reading)
  const isTold = told.kind !== 'unclassified' && told.kind !== 'not-about-access'
  return {
    factId: `gitlab:${source.scope}:${factOf(record, isAudit, told.fact)}`,
    source: source.id,
    kind: told.kind,
    type: record.type,
    occurredAt: record.occurredAt,
    resolutionMs: isAudit ? AUDIT_RESOLUTION_MS : WEBHOOK_RESOLUTION_MS,
    outcome: isTold ? (told.outcome ?? 'succeeded') : 'unknown',
    ...(told.target === undefined ? {} : { target: told.target }),
    groups: isTold ? groups.all : [],
    attributes: isTold ? withoutUnstated(told.attributes ?? {}) : {},
    conflicts: [],
    positions: [record.position],
  }
}

function factOf({ payload, recordId }: StoredRecord, isAudit: boolean, fact: string | undefined): string {
  if (!isAudit) return fact ?? `record:${recordId}`
  const id = text(payload.id)
  return id === undefined ? `record:${recordId}` : `audit:${id}`
}
