import { isObject, list, text, type JsonObject, type SourceInstance, type StoredRecord } from '@catena/domain'
import { loggedEvent } from './identify.js'
import { realmOf, stated } from './user-event.js'

/** Administrators of this realm administer all others. */
const MASTER_REALM = 'master'

/** An admin event, whichever stream told of it. */
export interface AdminEvent {
  readonly operation: string
  readonly resourceType: string
  /** Path below the realm, e.g. `users/<id>/groups/<id>`. */
  readonly path: string
  /** Realm whose resource it is; undefined where a log line names only the administrator's realm, and that is `master`. */
  readonly realm: string | undefined
  readonly error: string | undefined
  readonly id: string | undefined
  readonly caller: {
    readonly realm: string
    readonly userId: string | undefined
    readonly clientId: string | undefined
    readonly address: string | undefined
  }
  /** The entities of the representation: one, or the members of its list. */
  readonly entities: readonly JsonObject[]
  readonly details: JsonObject
}

export function readAdminEvent(record: StoredRecord, source: SourceInstance): AdminEvent | undefined {
  const logged = loggedEvent(record.payload)
  const event = logged ?? record.payload
  const operation = text(event.operationType)
  const resourceType = text(event.resourceType)
  if (operation === undefined || resourceType === undefined) return undefined
  return {
    operation,
    resourceType,
    path: text(event.resourcePath) ?? '',
    error: stated(event.error),
    entities: entitiesOf(event.representation),
    ...(logged === undefined ? placeOfStored(event, source) : placeOfLogged(logged)),
  }
}

type Place = Pick<AdminEvent, 'realm' | 'id' | 'caller' | 'details'>

function placeOfStored(event: JsonObject, source: SourceInstance): Place {
  const caller = isObject(event.authDetails) ? event.authDetails : {}
  const callerRealm = text(caller.realmId)
  return {
    realm: source.scope,
    id: text(event.id),
    details: isObject(event.details) ? event.details : {},
    caller: {
      ...callerOf(caller),
      realm: callerRealm === text(event.realmId) ? source.scope : (callerRealm ?? 'unknown'),
    },
  }
}

/** Realm, client and user of an admin event's log line are the administrator's. */
function placeOfLogged(logged: JsonObject): Place {
  const realm = realmOf(logged)
  return {
    realm: realm === MASTER_REALM ? undefined : realm,
    id: undefined,
    details: logged,
    caller: { ...callerOf(logged), realm },
  }
}

function callerOf(from: JsonObject): Omit<AdminEvent['caller'], 'realm'> {
  return { userId: stated(from.userId), clientId: stated(from.clientId), address: stated(from.ipAddress) }
}

function entitiesOf(representation: unknown): JsonObject[] {
  return isObject(representation) ? [representation] : list(representation).filter(isObject)
}
