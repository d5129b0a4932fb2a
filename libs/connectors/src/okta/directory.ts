import { text, type Attributes } from '@catena/domain'
import { isUser, targetOf, type Entity, type LogEvent } from './event.js'
import { callerOf, describes, groupOf, type Context, type Told } from './facts.js'

const ENABLED = /^user\.lifecycle\.(?:activate|reactivate|unsuspend)$/
const DISABLED = /^user\.lifecycle\.(?:suspend|deactivate)$/

/** A user's entry was created, changed, disabled, locked or deleted. */
export function person(context: Context): Told {
  const { event } = context
  const user = subjectOf(event)
  if (event.outcome !== 'succeeded' || user === undefined) return { groups: callerOf(context) }
  const caller = isLock(event.type) ? [] : callerOf(context)
  return {
    groups: [...describes(user, context), ...caller],
    attributes: { ...identityOf(user), ...stateAfter(event.type) },
  }
}

/** A lock names the locked user as its actor and has no target, but whoever caused it authenticated as nobody. */
function isLock(type: string): boolean {
  return type.startsWith('user.account.lock')
}

function subjectOf(event: LogEvent): Entity | undefined {
  return targetOf(event, 'User') ?? (isUser(event.actor) ? event.actor : undefined)
}

function identityOf(user: Entity): Attributes {
  const email = user.alternateId?.includes('@') === true ? user.alternateId : undefined
  return { userId: user.id, username: user.alternateId, email, displayName: user.displayName }
}

function stateAfter(type: string): Attributes {
  return {
    enabled: ENABLED.test(type) ? true : DISABLED.test(type) ? false : undefined,
    created: type === 'user.lifecycle.create' ? true : undefined,
    deleted: type === 'user.lifecycle.delete.completed' ? true : undefined,
    locked: isLock(type) ? true : type.startsWith('user.account.unlock') ? false : undefined,
  }
}

const ADDED = /\.(?:add|restore|grant)$/

/** The group is a sideways key: it tells whose membership changed, not through what the change came. */
export function membership(context: Context): Told {
  const { event } = context
  if (event.outcome !== 'succeeded') return { groups: callerOf(context) }
  const [user, group, app] = ['User', 'UserGroup', 'AppInstance'].map((type) => targetOf(event, type))
  const sideways = { role: 'group', verb: 'presents', sideways: true } as const
  return {
    groups: [
      ...(user === undefined ? [] : describes(user, context)),
      ...groupOf(sideways, 'group', group?.id, context),
      ...groupOf({ ...sideways, role: 'group-name' }, 'group-name', group?.displayName?.toLowerCase(), context),
      ...callerOf(context),
    ],
    attributes: {
      added: ADDED.test(event.type),
      ...(user === undefined ? {} : identityOf(user)),
      groupId: group?.id,
      groupName: group?.displayName,
      clientId: app?.id,
      clientName: app?.displayName,
      roles: rolesOf(event),
    },
  }
}

/** Nobody is in it any more, and no event says so of each member. */
export function groupEnd(context: Context): Told {
  const { event } = context
  const group = targetOf(event, 'UserGroup')
  if (event.outcome !== 'succeeded') return { groups: callerOf(context) }
  return {
    groups: [...groupOf({ role: 'group', verb: 'relates' }, 'group', group?.id, context), ...callerOf(context)],
    attributes: { groupId: group?.id, groupName: group?.displayName, groupDeleted: true },
  }
}

/** Administrator roles stand in one string, separated by commas. */
function rolesOf(event: LogEvent): string[] | undefined {
  const roles = text(event.debug.privilegeGranted) ?? text(event.debug.privilegeRevoked)
  return roles
    ?.split(',')
    .map((role) => role.trim())
    .sort()
}
