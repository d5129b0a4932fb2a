import type { Noted } from '../records/journal.js'
import type { MountName } from '../organisation/mounts.js'
import { ORGANISATION } from '../organisation/names.js'
import { isOfOkta, type Person } from '../organisation/people.js'
import { adminEventLine, userLine, type AdminEvent } from '../records/keycloak.js'
import { oktaLine, type OktaEventType } from '../records/okta.js'
import type { World } from '../world.js'

/** Of ten people: most come through a session that the vault maps. */
const PEOPLE_MOUNTS: readonly MountName[] = ['oidc', 'oidc', 'subject', 'okta', 'email', 'oidc', 'okta', 'subject', 'oidc', 'email'] // prettier-ignore

export interface Newcomer {
  readonly team?: string
  readonly mount?: MountName
  readonly username?: string
}

/** Somebody new: an account at the identity provider, and its group. */
export function hire(world: World, newcomer: Newcomer = {}): Person {
  const serial = world.directory.length
  const person = world.register.person({
    at: world.now,
    team: newcomer.team ?? world.teams[serial % world.teams.length] ?? '',
    mount: newcomer.mount ?? PEOPLE_MOUNTS[serial % PEOPLE_MOUNTS.length] ?? 'oidc',
    ...(newcomer.username === undefined ? {} : { username: newcomer.username }),
  })
  world.directory.push(person)
  const { id, username, email } = person
  if (isOfOkta(person)) administerOkta(world, 'user.lifecycle.create', person)
  else administer(world, { operation: 'CREATE', resource: 'USER', path: `users/${id}`, representation: { username, email, enabled: true } }) // prettier-ignore
  join(world, person, person.team)
  return person
}

export function join(world: World, person: Person, group: string): Noted {
  return membership(world, 'CREATE', person, group)
}

export function quit(world: World, person: Person, group: string): Noted {
  return membership(world, 'DELETE', person, group)
}

function membership(world: World, operation: 'CREATE' | 'DELETE', person: Person, group: string): Noted {
  if (isOfOkta(person))
    return administerOkta(world, `group.user_membership.${operation === 'CREATE' ? 'add' : 'remove'}`, person, group)
  const { id } = person
  const representation = { id: groupId(group), name: group, path: `/${group}` }
  return administer(world, { operation, resource: 'GROUP_MEMBERSHIP', path: `users/${id}/groups/${groupId(group)}`, representation }) // prettier-ignore
}

/** The account is locked, as on a last day. */
export function disable(world: World, person: Person): Noted {
  const { id, username } = person
  const noted = isOfOkta(person)
    ? administerOkta(world, 'user.lifecycle.deactivate', person)
    : administer(world, { operation: 'UPDATE', resource: 'USER', path: `users/${id}`, representation: { id, username, enabled: false } }) // prettier-ignore
  if (noted.isSeen) person.disabledAt ??= world.now
  return noted
}

export function remove(world: World, person: Person): Noted {
  world.directory.splice(world.directory.indexOf(person), 1)
  const noted = isOfOkta(person)
    ? administerOkta(world, 'user.lifecycle.delete.completed', person)
    : administer(world, { operation: 'DELETE', resource: 'USER', path: `users/${person.id}` })
  if (noted.isSeen) person.deletedAt ??= world.now
  return noted
}

/** The directory as an export at the end shows it. */
export function exportDirectory(world: World): void {
  for (const person of world.directory.filter((one) => !isOfOkta(one)))
    world.journal.write('keycloak-users.jsonl', world.now, userLine(person, world.clockOf('keycloak', person.since)))
}

function administer(world: World, event: Omit<AdminEvent, 'id' | 'at'>): Noted {
  const id = world.chance.id()
  const line = adminEventLine({ ...event, id, at: world.clockOf('keycloak', world.now) })
  const isSeen = world.journal.write('keycloak-admin-events.jsonl', world.now, line)
  return { fact: `keycloak:${ORGANISATION}:admin:${id}`, isSeen }
}

function administerOkta(world: World, type: OktaEventType, person: Person, group?: string): Noted {
  const id = world.chance.id()
  const line = oktaLine({ id, at: world.clockOf('okta', world.now), type, person, address: '10.20.0.9', ...(group === undefined ? {} : { group }) }) // prettier-ignore
  const isSeen = world.journal.write('okta-system-log.jsonl', world.now, line)
  return { fact: `okta:${ORGANISATION}:${id}`, isSeen }
}

/** A group's id is made of its name, so that it need not be kept. */
export function groupId(name: string): string {
  const hex = Buffer.from(name).toString('hex').padEnd(32, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
