import { issuerScope, text, type Activity, type Attributes, type KeyGroup } from '@catena/domain'
import type { AdminEvent } from './admin-event.js'
import { groupOf } from './facts.js'
import { attributesOfUser, described } from './person.js'

/** What an admin event tells beyond what all of them say. */
export type Told = Pick<Activity, 'kind'> &
  Partial<Pick<Activity, 'target'>> & { groups?: KeyGroup[]; attributes?: Attributes }
type Reader = (event: AdminEvent, path: RegExpExecArray, position: number) => Told

/** First match wins; the subject is `<operation> <resource type> <path>`. */
const READERS: readonly (readonly [RegExp, Reader])[] = [
  [/^(?:CREATE|UPDATE|DELETE) USER users(?:\/([^/]+))?$/, user],
  [/^ACTION USER users\/([^/]+)\/logout$/, personLoggedOut],
  [/^\w+ USER_SESSION (?:.*\/)?sessions\/([^/]+)$/, sessionEnded],
  [/^ACTION \w+ logout-all$/, everyoneLoggedOut],
  [/^ACTION \w+ .+\/logout-all$/, () => ({ kind: 'logout' })],
  [/^ACTION \w+ (?:clients\/[^/]+\/)?push-revocation$/, () => ({ kind: 'operation' })],
  [/^UPDATE REALM /, realmUpdated],
  [/^(?:CREATE|DELETE) GROUP_MEMBERSHIP users\/([^/]+)\/groups\/([^/]+)$/, groupMembership],
  [/^DELETE GROUP groups\/([^/]+)$/, groupDeleted],
  [/^(?:CREATE|DELETE) (?:REALM|CLIENT)_ROLE_MAPPING (users|groups)\/([^/]+)\/role-mappings\//, roleMapping],
  [/^\w+ \w+ (clients\/[^/]+\/client-secret)(?:\/rotated)?$/, credential],
  [/^\w+ \w+ (clients\/[^/]+\/certificates\/[^/]+)/, credential],
  [/^(?:CREATE|UPDATE) CLIENT clients\/[^/]+$/, client],
  [/^\w+ CLIENT_INITIAL_ACCESS_MODEL (clients-initial-access\/[^/]+)$/, credential],
]

export function tell(event: AdminEvent, position: number): Told {
  const subject = `${event.operation} ${event.resourceType} ${event.path}`
  for (const [pattern, reader] of READERS) {
    const match = pattern.exec(subject)
    if (match !== null) return reader(event, match, position)
  }
  return { kind: 'configuration-changed' }
}

/** Disabling a user is an update whose representation says so; no other record does. */
function user(event: AdminEvent, match: RegExpExecArray, position: number): Told {
  const [entity = {}] = event.entities
  const userId = match[1] ?? text(entity.id)
  const stated = attributesOfUser(entity)
  const entry = { userId, username: text(entity.username), email: text(entity.email) }
  return {
    kind: 'person-observed',
    groups: event.realm === undefined ? [] : described(entry, event.realm, position),
    attributes: {
      ...stated,
      userId,
      created: event.operation === 'CREATE' ? true : undefined,
      deleted: event.operation === 'DELETE' ? true : undefined,
    },
  }
}

function personLoggedOut(event: AdminEvent, match: RegExpExecArray, position: number): Told {
  return {
    kind: 'logout',
    groups: inRealm(event, (realm) => groupOf({ role: 'person', verb: 'ends' }, 'person', realm, match[1], position)),
    attributes: { userId: match[1], allSessions: true },
  }
}

function sessionEnded(event: AdminEvent, match: RegExpExecArray, position: number): Told {
  const end = { role: 'session', verb: 'ends' } as const
  return {
    kind: 'logout',
    groups: inRealm(event, (realm) => groupOf(end, 'idp-session', realm, match[1], position)),
  }
}

function everyoneLoggedOut(event: AdminEvent, _: RegExpExecArray, position: number): Told {
  return {
    kind: 'logout',
    groups: inRealm(event, (realm) => allEnded(realm, position)),
    attributes: { allSessions: true },
  }
}

/**
 * A realm's "not before" ends every session that began earlier; the event of pushing it to the clients carries no time and ends
 * nothing by itself. It stands in each later update of the realm too: the first of them that is seen tells the end.
 */
function realmUpdated(event: AdminEvent, _: RegExpExecArray, position: number): Told {
  const [{ notBefore } = {}] = event.entities
  if (typeof notBefore !== 'number' || notBefore <= 0) return { kind: 'configuration-changed' }
  return {
    kind: 'configuration-changed',
    groups: inRealm(event, (realm) => allEnded(realm, position)),
    attributes: { allSessions: true, sessionsBefore: notBefore * 1000 },
  }
}

function allEnded(realm: string, position: number): KeyGroup[] {
  return groupOf({ role: 'sessions', verb: 'ends' }, 'idp-sessions', realm, 'all', position)
}

/** The group is a sideways key: it tells whose membership changed, not through what the change came. */
function groupMembership(event: AdminEvent, match: RegExpExecArray, position: number): Told {
  const [, userId, groupId] = match
  const [entity = {}] = event.entities
  const entry = { userId, username: text(event.details.username), email: text(event.details.email) }
  return {
    kind: 'membership-changed',
    groups: inRealm(event, (realm) => [
      ...described(entry, realm, position),
      ...groupOf({ role: 'group', verb: 'presents', sideways: true }, 'group', realm, groupId, position),
      ...groupOf(
        { role: 'group-name', verb: 'presents', sideways: true },
        'group-name',
        realm,
        text(entity.name)?.toLowerCase(),
        position,
      ),
    ]),
    attributes: {
      added: event.operation === 'CREATE',
      userId,
      username: entry.username,
      email: entry.email,
      groupId,
      groupName: text(entity.name),
      groupPath: text(entity.path),
    },
  }
}

/** Nobody is in it any more, and no record says so of each member. */
function groupDeleted(event: AdminEvent, match: RegExpExecArray, position: number): Told {
  return {
    kind: 'membership-changed',
    groups: inRealm(event, (realm) => groupOf({ role: 'group', verb: 'relates' }, 'group', realm, match[1], position)),
    attributes: { groupId: match[1], groupDeleted: true },
  }
}

function roleMapping(event: AdminEvent, match: RegExpExecArray, position: number): Told {
  const [, holders, id] = match
  const ofUser = holders === 'users'
  const groupDraft = { role: 'group', verb: 'presents', sideways: true } as const
  return {
    kind: 'membership-changed',
    groups: inRealm(event, (realm) =>
      ofUser ? described({ userId: id }, realm, position) : groupOf(groupDraft, 'group', realm, id, position),
    ),
    attributes: {
      added: event.operation === 'CREATE',
      ...(ofUser ? { userId: id } : { groupId: id }),
      roles: event.entities
        .map((role) => text(role.name))
        .filter((name) => name !== undefined)
        .sort(),
      roleScope: event.resourceType === 'CLIENT_ROLE_MAPPING' ? 'client' : 'realm',
    },
  }
}

function credential(event: AdminEvent, match: RegExpExecArray): Told {
  const path = match[1] ?? event.path
  const target = event.realm === undefined ? {} : { target: { system: issuerScope('keycloak', event.realm), path } }
  return { kind: 'credential-changed', ...target }
}

/** Switching a client off is an update whose representation says so; no other record does. */
function client({ entities: [entity = {}] }: AdminEvent): Told {
  const { enabled } = entity
  return {
    kind: 'configuration-changed',
    attributes: { client: text(entity.clientId), enabled: typeof enabled === 'boolean' ? enabled : undefined },
  }
}

/** Keys need a realm; where a log line does not name it, the activity stands without them. */
function inRealm(event: AdminEvent, groups: (realm: string) => KeyGroup[]): KeyGroup[] {
  return event.realm === undefined ? [] : groups(event.realm)
}
