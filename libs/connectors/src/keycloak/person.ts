import {
  parseInstant,
  text,
  type Activity,
  type Attributes,
  type JsonObject,
  type KeyGroup,
  type SourceInstance,
  type StoredRecord,
} from '@catena/domain'
import { factIdOf } from './fact-id.js'
import { activityOf, groupOf } from './facts.js'
import { datedUser } from './identify.js'
import { outcomeOf, sessionAttributes } from './session.js'
import type { UserEvent } from './user-event.js'

/** What a record says of a person; what it leaves out is not said. */
export interface Entry {
  readonly userId: string | undefined
  readonly username?: string | undefined
  readonly email?: string | undefined
}

/** All keys of one entry name one principal. */
export function described(entry: Entry, realm: string, position: number): KeyGroup[] {
  const email = entry.email?.toLowerCase()
  const name = entry.username?.toLowerCase()
  return [
    ...groupOf({ role: 'person', verb: 'describes' }, 'person', realm, entry.userId, position),
    ...groupOf({ role: 'email', verb: 'describes' }, 'person-email', realm, email, position),
    ...groupOf({ role: 'name', verb: 'describes' }, 'person-name', realm, name, position),
  ]
}

/** Attributes of a user as the admin API represents it. */
export function attributesOfUser(user: JsonObject): Attributes {
  return {
    userId: text(user.id),
    username: text(user.username),
    email: text(user.email),
    displayName: displayName(text(user.firstName), text(user.lastName)),
    enabled: typeof user.enabled === 'boolean' ? user.enabled : undefined,
    createdAt: parseInstant(user.createdTimestamp),
  }
}

/**
 * The entry stands since its creation, or at the latest since it was received. It is stated as of the moment that was added to it; a bare one
 * has no time and is stated as of its receipt, as is one that claims to be from later.
 */
export function interpretDirectory(record: StoredRecord, source: SourceInstance): Activity {
  const dated = datedUser(record.payload)
  const user = dated?.user ?? record.payload
  const attributes = attributesOfUser(user)
  const entry = { userId: text(user.id), username: text(user.username), email: text(user.email) }
  return activityOf(record, source, {
    factId: `keycloak:${source.scope}:directory:${record.recordId}`,
    kind: 'person-observed',
    outcome: 'succeeded',
    occurredAt: parseInstant(user.createdTimestamp) ?? record.occurredAt,
    groups: described(entry, source.scope, record.position),
    attributes: { ...attributes, snapshot: true, statedAt: Math.min(dated?.at ?? Infinity, record.recordedAt) },
  })
}

export const PERSON_EVENTS = new Set([
  'REGISTER',
  'UPDATE_EMAIL',
  'VERIFY_EMAIL',
  'UPDATE_PROFILE',
  'DELETE_ACCOUNT',
  'USER_DISABLED_BY_PERMANENT_LOCKOUT',
  'USER_DISABLED_BY_TEMPORARY_LOCKOUT',
])

/** What people do to their own entry, and what lockout does to it. */
export function interpretPersonEvent(event: UserEvent, record: StoredRecord, source: SourceInstance): Activity {
  const { userId } = event
  const username = event.detail('username')
  const email = event.detail('updated_email') ?? event.detail('email')
  return activityOf(record, source, {
    factId: factIdOf(event, record),
    kind: 'person-observed',
    outcome: outcomeOf(event),
    groups: event.isError ? [] : described({ userId, username, email }, event.realm, record.position),
    attributes: { ...sessionAttributes(event), email, ...(event.isError ? {} : stateAfter(event)) },
  })
}

function stateAfter(event: UserEvent): Attributes {
  const given = event.detail('updated_first_name') ?? event.detail('first_name')
  const family = event.detail('updated_last_name') ?? event.detail('last_name')
  return {
    displayName: displayName(given, family),
    created: event.type === 'REGISTER' ? true : undefined,
    deleted: event.type === 'DELETE_ACCOUNT' ? true : undefined,
    enabled: event.type === 'USER_DISABLED_BY_PERMANENT_LOCKOUT' ? false : undefined,
    locked: event.type === 'USER_DISABLED_BY_TEMPORARY_LOCKOUT' ? true : undefined,
  }
}

/** Half a name would replace a whole one. */
function displayName(given: string | undefined, family: string | undefined): string | undefined {
  return given === undefined || family === undefined ? undefined : `${given} ${family}`
}
