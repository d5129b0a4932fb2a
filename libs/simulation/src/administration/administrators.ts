import type { Administrator } from './administration.js'
import { groupId } from '../doings/staff.js'
import type { Agent } from '../organisation/agents.js'
import { AGENTS, ORGANISATION } from '../organisation/names.js'
import { isOfOkta, loginName, type Person } from '../organisation/people.js'
import type { Repository } from '../organisation/repositories.js'

/** Somebody or something as commands name it. */
export interface Named {
  readonly key: string
  readonly name: string
}

export function personNamed(person: Person): Named {
  const provider = isOfOkta(person) ? 'okta' : 'keycloak'
  return { key: `person:${provider}/${ORGANISATION}:${person.id}`, name: loginName(person) }
}

/** Whoever is in the group at Keycloak. */
export function teamNamed(team: string): Named {
  return { key: `group:keycloak/${ORGANISATION}:${groupId(team)}`, name: team }
}

/** The team of that name at Okta, for those whose account is there. */
export function oktaTeamNamed(team: string): Named {
  return { key: `group:okta/${ORGANISATION}:00g${team}`, name: team }
}

export function repositoryNamed({ id, name }: Repository): Named {
  return { key: `repository:github/github.com:${id}`, name }
}

export function agentNamed({ kind, id, name }: Agent): Named {
  return { key: `${kind}:cloudevents/${AGENTS}:${id}`, name }
}

/** A person at Catena, who speaks for the own team. */
export function asAdministrator(person: Person, ...roles: readonly string[]): Administrator {
  const { key, name } = personNamed(person)
  return { id: key, name, kind: 'person', roles, keys: [key], groups: [teamNamed(person.team).key] }
}

/** Two of the security office. They hold no credential of the organisation's, so they are in no record of it. */
export const SECURITY = officer('security-1')
export const SECURITY_TOO = officer('security-2')

/** The monitor that says which alerts and compensating controls it heard. */
export const MONITOR: Administrator = {
  id: 'machine:monitor',
  name: 'monitor',
  kind: 'machine',
  roles: ['security-engineer'],
  keys: [],
  groups: [],
}

function officer(name: string): Administrator {
  const key = `person:keycloak/${ORGANISATION}:${name}`
  return { id: key, name, kind: 'person', roles: ['security-engineer'], keys: [key], groups: [] }
}
