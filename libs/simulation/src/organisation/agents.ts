import { AGENTS, ORGANISATION } from './names.js'
import { loginName, type Person } from './people.js'

/** An AI agent, or a tool server that works for agents. */
export interface Agent {
  readonly id: string
  readonly name: string
  readonly kind: 'agent' | 'tool-server'
  readonly team: string
  readonly mode?: 'attended' | 'autonomous'
}

/** Word by which the runtime names the identity provider of those who sit with an agent, as the operator declares it. */
export const STAFF_PROVIDER = 'staff/'

export const SECRETS_SERVER: Agent = {
  id: 'mcp-secrets',
  name: 'secrets-server',
  kind: 'tool-server',
  team: 'platform',
}

/** The store of the agents' own secrets. */
export const STORE = { system: `cloudevents/${AGENTS}`, container: 'store' } as const

/** One that sits with people of a team, and one that works by itself. */
export function agentsOf(team: string): readonly [attended: Agent, autonomous: Agent] {
  return [
    { id: `agt-${team}-assistant`, name: `${team}-assistant`, kind: 'agent', team, mode: 'attended' },
    { id: `agt-${team}-nightly`, name: `${team}-nightly`, kind: 'agent', team, mode: 'autonomous' },
  ]
}

/** Somebody as events name people. */
export function named(person: Person): object {
  return { id: person.id, issuer: `keycloak/${ORGANISATION}`, email: person.email, name: loginName(person) }
}
