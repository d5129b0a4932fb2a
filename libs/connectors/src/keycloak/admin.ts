import type { Activity, Attributes, SourceInstance, StoredRecord } from '@catena/domain'
import type { AdminEvent } from './admin-event.js'
import { tell } from './admin-readers.js'
import { activityOf, groupOf } from './facts.js'

/** What a refused request would have changed did not change, so nothing is told of it. */
export function interpretAdminEvent(event: AdminEvent, record: StoredRecord, source: SourceInstance): Activity {
  const { caller, error } = event
  const { kind, ...told } = tell(event, record.position)
  const { target, groups = [], attributes } = error === undefined ? told : {}
  return activityOf(record, source, {
    kind,
    ...(target === undefined ? {} : { target }),
    factId: `keycloak:${event.realm ?? 'unknown'}:admin:${event.id ?? record.recordId}`,
    outcome: error === undefined ? 'succeeded' : 'failed',
    groups: [
      ...groupOf({ role: 'caller', verb: 'presents' }, 'person', caller.realm, caller.userId, record.position),
      ...groups,
    ],
    attributes: { ...attributesOf(event), ...attributes },
  })
}

function attributesOf(event: AdminEvent): Attributes {
  return {
    realm: event.realm,
    resourceType: event.resourceType,
    resourcePath: event.path,
    operation: event.operation,
    error: event.error,
    callerId: event.caller.userId,
    callerClientId: event.caller.clientId,
    address: event.caller.address,
  }
}
