import { text, type Attributes, type Namespace } from '@catena/domain'
import { objectOr } from '../parsing.js'
import type { Context } from './told.js'

/** A person as an event names one. The id counts in the system that `issuer` names, else in the event's own. */
export function mentionPerson({ groups, system }: Context, role: string, value: unknown): void {
  const person = objectOr(value)
  const scope = systemOr(person.issuer, system)
  if (scope !== undefined) groups.mention(role, 'person', text(person.id), scope)
}

const SYSTEM = /^[a-z0-9-]{1,40}\/[^\s:]{1,120}$/

/** `<kind>/<scope>` where one is named, else the own system; undefined where what is named is none, so that no key is made of it. */
export function systemOr(value: unknown, own: string): string | undefined {
  const named = text(value)
  if (named === undefined) return own
  return SYSTEM.test(named) ? named : undefined
}

/** What people call one: name, else e-mail address, else id. */
export function nameOfPerson(value: unknown): string | undefined {
  const { id, email, name } = objectOr(value)
  return text(name) ?? text(email) ?? text(id)
}

/** Software that decides is no person, whatever it is called. */
export function isPerson(value: unknown): boolean {
  const { id, kind } = objectOr(value)
  return text(id) !== undefined && (kind === undefined || kind === 'person')
}

export function agentNamespace(value: unknown): Namespace {
  return objectOr(value).kind === 'tool-server' ? 'tool-server' : 'agent'
}

export function agentAttributes(value: unknown): Attributes {
  const agent = objectOr(value)
  return {
    agentId: text(agent.id),
    agentName: text(agent.name),
    sponsor: nameOfPerson(agent.sponsor),
    team: text(agent.team),
    workload: text(agent.workload),
    escalation: text(agent.escalation),
  }
}
