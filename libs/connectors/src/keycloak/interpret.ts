import type { Activity, SourceInstance, StoredRecord } from '@catena/domain'
import { interpretAdminEvent } from './admin.js'
import { readAdminEvent } from './admin-event.js'
import { factIdOf } from './fact-id.js'
import { activityOf } from './facts.js'
import { identifyKeycloak } from './identify.js'
import { interpretDirectory, interpretPersonEvent, PERSON_EVENTS } from './person.js'
import { interpretSessionEvent } from './session.js'
import { readUserEvent } from './user-event.js'

export function interpretKeycloak(record: StoredRecord, source: SourceInstance): Activity {
  if (record.stream === 'directory') return interpretDirectory(record, source)
  const { known } = identifyKeycloak(record.payload)
  const admin = readAdminEvent(record, source)
  if (admin !== undefined) return known ? interpretAdminEvent(admin, record, source) : unclassified(record, source)
  const event = readUserEvent(record, source)
  if (event === undefined || record.stream === 'other') return unclassified(record, source)
  if (!known) return { ...unclassified(record, source), factId: factIdOf(event, record) }
  return PERSON_EVENTS.has(event.type)
    ? interpretPersonEvent(event, record, source)
    : interpretSessionEvent(event, record, source)
}

function unclassified(record: StoredRecord, source: SourceInstance): Activity {
  return activityOf(record, source, {
    factId: `keycloak:${source.scope}:record:${record.recordId}`,
    kind: 'unclassified',
    outcome: 'unknown',
  })
}
