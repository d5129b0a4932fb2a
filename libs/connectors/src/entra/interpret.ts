import { issuerScope, text, type Activity, type SourceInstance, type StoredRecord } from '@catena/domain'
import { KeyGroups } from '../key-groups.js'
import { withoutUnstated } from '../observation.js'
import { tellAudit } from './audit.js'
import { bodyOf, streamOf, type Stream } from './record.js'
import { tellSignIn } from './sign-in.js'
import type { Context, Told } from './told.js'
import { tellGraphRequest, tellRisk } from './uses.js'

/** Sign-ins pulled from the API are stamped in whole seconds; nothing tells by which way a record came. */
const RESOLUTION_MS = 1000

const READERS: Readonly<Record<Stream, (context: Context) => Told | undefined>> = {
  'sign-ins': tellSignIn,
  audit: tellAudit,
  'graph-activity': tellGraphRequest,
  'risk-events': tellRisk,
}

export function interpretEntra(record: StoredRecord, source: SourceInstance): Activity {
  const system = issuerScope('entra', source.scope)
  const groups = new KeyGroups(system, record.position)
  const body = bodyOf(record.payload)
  const stream = streamOf(record.payload)
  const told = stream === undefined ? undefined : READERS[stream]({ record, body, groups, source, system })
  return {
    factId: factIdOf(record, stream, source),
    source: source.id,
    kind: told?.kind ?? 'unclassified',
    type: record.type,
    occurredAt: record.occurredAt,
    resolutionMs: RESOLUTION_MS,
    outcome: told?.outcome ?? 'unknown',
    ...(told?.target === undefined ? {} : { target: told.target }),
    groups: told === undefined ? [] : groups.all,
    attributes: told === undefined ? {} : withoutUnstated(told.attributes ?? {}),
    conflicts: [],
    positions: [record.position],
  }
}

function factIdOf({ payload, recordId }: StoredRecord, stream: Stream | undefined, { scope }: SourceInstance): string {
  const body = bodyOf(payload)
  const id = stream === undefined ? undefined : (text(body.id) ?? text(body.requestId))
  return `entra:${scope}:${id === undefined ? `record:${recordId}` : `${stream ?? ''}:${id}`}`
}
