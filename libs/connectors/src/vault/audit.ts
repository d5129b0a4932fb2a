import { text, type Activity, type SourceInstance, type StoredRecord } from '@catena/domain'
import { attributesOf } from './attributes.js'
import { classify } from './classify.js'
import { Groups } from './groups.js'
import { isKnownHalf, timeOf } from './identify.js'
import { outcomeOf } from './outcome.js'
import { readAudit } from './record.js'

/** Half a request (or its answer) as an audit device wrote it. */
export function interpretAudit(stored: StoredRecord, source: SourceInstance): Activity {
  const record = readAudit(stored.payload)
  const groups = new Groups(source.scope, stored.position)
  const isKnown = isKnownHalf(stored.payload)
  const { kind, target } = isKnown ? classify(record, groups, source) : UNCLASSIFIED
  const requestId = isKnown ? text(record.request.id) : undefined
  const occurredAt = timeOf(stored.payload) ?? stored.occurredAt
  return {
    factId: `vault:${source.scope}:${requestId ?? `record:${stored.recordId}`}`,
    source: source.id,
    kind,
    type: isKnown ? `${text(record.request.operation) ?? 'request'} ${record.path}`.trim() : stored.type,
    occurredAt,
    completedAt: occurredAt,
    resolutionMs: 0,
    outcome: isKnown ? outcomeOf(record, kind) : 'unknown',
    ...(target === undefined ? {} : { target }),
    groups: groups.all,
    attributes: isKnown ? attributesOf(record, source) : {},
    conflicts: [],
    positions: [stored.position],
  }
}

const UNCLASSIFIED = { kind: 'unclassified', target: undefined } as const
