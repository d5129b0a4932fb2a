import { HOUR, stamp } from '../engine/time.js'
import {
  actorOfAgent,
  pathOfAgent,
  rightOf,
  type AgentCall,
  type AgentSession,
  type Request,
} from '../oracle/agents.js'
import { named, STAFF_PROVIDER, STORE, type Agent } from '../organisation/agents.js'
import { AGENTS, TICKETS } from '../organisation/names.js'
import type { Person } from '../organisation/people.js'
import { addressOf, eventLine, type ProfileEvent, type Sender } from '../records/cloudevents.js'
import type { Noted } from '../records/journal.js'
import type { World } from '../world.js'
import type { Session } from './sessions.js'

/** Its owner says who answers for it; said again, the newest holds. */
export function register(world: World, agent: Agent, sponsor: Person): Noted {
  const { id, name, kind, team, mode } = agent
  return send(world, 'runtime', 'agent.registered', { agent: { id, name, kind, team, sponsor: named(sponsor) }, ...(mode === undefined ? {} : { mode }) }) // prettier-ignore
}

/** It works by its own credential. */
export function startAlone(world: World, agent: Agent, task: string): AgentSession {
  const { id, isSeen } = start(world, agent, { mode: 'autonomous', task: { id: task }, method: 'client-credentials' })
  return { id, agent, isSeen, by: { kind: 'credential' } }
}

export interface Started {
  /** Somebody declared whose the provider is. */
  readonly isDeclared?: boolean
  readonly mode?: 'attended' | 'autonomous'
}

/** Somebody sits with it, who signed in before. Of a provider that nobody declared, the claims lead nowhere. */
export function startWith(world: World, agent: Agent, session: Session, task: string, how: Started = {}): AgentSession {
  const { person } = session
  const { isDeclared = true, mode = 'attended' } = how
  const provider = isDeclared ? STAFF_PROVIDER.slice(0, -1) : 'partner'
  const onBehalfOf = { provider, claims: { sid: session.id, sub: person.id } }
  const delegation = { sub: person.id, jti: world.chance.letters(16), act: { sub: agent.id } }
  const { id, isSeen } = start(world, agent, { mode, task: { id: task }, onBehalfOf, delegation, method: 'jwt' }) // prettier-ignore
  return { id, agent, isSeen, by: { kind: 'sign-in', origin: session.origin, isDeclared } }
}

/** A tool server works for the call of an agent. */
export function startFor(world: World, server: Agent, call: AgentCall): AgentSession {
  const { id, isSeen } = start(world, server, { parentCall: call.id, method: 'token-exchange' })
  return { id, agent: server, isSeen, by: { kind: 'call', call } }
}

function start(world: World, { id: agentId, name, kind }: Agent, more: object): { id: string; isSeen: boolean } {
  const id = `s-${world.chance.letters(20)}`
  const session = { id, expiresAt: stamp(world.now + 12 * HOUR) }
  const { isSeen } = send(world, 'runtime', 'session.started', { session, agent: { id: agentId, name, kind }, ...more, outcome: 'succeeded' }) // prettier-ignore
  return { id, isSeen }
}

export function endSession(world: World, { id }: AgentSession): Noted {
  return send(world, 'runtime', 'session.ended', { session: { id, reason: 'done' }, outcome: 'succeeded' })
}

/** The agent has a tool do something; what leaves its trust boundary somebody agrees to first. */
export function callTool(world: World, session: AgentSession, server: Agent, confirmedBy?: Person): AgentCall {
  const id = `c-${world.chance.letters(20)}`
  const { agent } = session
  const crossing =
    confirmedBy === undefined
      ? { privileged: false, boundary: { from: 'production', to: 'production' } }
      : { privileged: true, boundary: { from: 'workstation', to: 'production' }, confirmation: { decision: 'confirmed', by: named(confirmedBy), at: stamp(world.now) } } // prettier-ignore
  const tool = { name: 'read_secret', server: { id: server.id, name: server.name } }
  const { isSeen } = send(world, 'runtime', 'tool.called', { call: { id }, session: { id: session.id }, agent: { id: agent.id, name: agent.name }, tool, action: 'read', ...crossing, decision: { policy: `agents-${agent.team}`, result: 'allowed' }, outcome: 'succeeded' }) // prettier-ignore
  return { id, session, isSeen }
}

/** A secret of the store is obtained, by a call or directly in a session. */
export function retrieve(world: World, through: AgentSession | AgentCall, path: string, request?: Request): Noted {
  const isCall = 'session' in through
  const caller = isCall ? { call: { id: through.id }, session: { id: through.session.id } } : { session: { id: through.id } } // prettier-ignore
  const under = request === undefined ? {} : { request: { id: request.id, system: `cloudevents/${TICKETS}`, checked: request.isChecked } } // prettier-ignore
  const noted = send(world, 'store', 'secret.retrieved', { credential: { container: STORE.container, path, kind: 'password' }, ...caller, ...under, outcome: 'succeeded' }) // prettier-ignore
  if (!noted.isSeen) return noted
  const { fact } = noted
  const hop = hopOf(isCall ? through.session : through, isCall)
  world.truths.tell({ request_id: fact, fact, at: stamp(world.now), action: 'secret.retrieved', target: path, hop, path: pathOfAgent(through), actor: actorOfAgent(through), right: request && rightOf(request) }) // prettier-ignore
  return noted
}

function hopOf({ by }: AgentSession, isCall: boolean): string {
  const how = isCall ? 'call' : 'session'
  if (by.kind === 'call') return `agents: ${how} of a tool server`
  if (by.kind === 'credential') return `agents: ${how} of an autonomous agent`
  return by.isDeclared ? `agents: ${how} of an attended agent` : `agents: ${how} under an undeclared provider`
}

/** The store gives a secret a new value, or does away with it, by an account of its own. */
export function changeSecret(world: World, path: string, action: 'written' | 'rotated' | 'destroyed'): Noted {
  const account = { id: 'store-rotator', credential: 'long-lived' }
  return send(world, 'store', 'secret.changed', { credential: { container: STORE.container, path }, action, account, outcome: 'succeeded' }) // prettier-ignore
}

/** A preview of the software comes, or goes and leaves what it could obtain. */
export function changeEnvironment(
  world: World,
  name: string,
  change: 'created' | 'removed',
  by: Person,
  path = previewPath(name),
): Noted {
  // prettier-ignore
  const credentials = [{ system: STORE.system, container: STORE.container, path }]
  return send(world, 'deployments', `environment.${change}`, { environment: { id: `env-${name}`, name }, credentials, by: named(by) }) // prettier-ignore
}

export function previewPath(name: string): string {
  return `preview/${name}`
}

export function send(world: World, sender: Sender, type: ProfileEvent['type'], data: object): Noted {
  const id = world.chance.id()
  const isTicket = sender === 'tickets'
  const line = eventLine({ id, at: world.now, sender, type, data })
  const isSeen = world.journal.write(isTicket ? 'tickets.jsonl' : 'agents.jsonl', world.now, line)
  return { fact: `cloudevents:${isTicket ? TICKETS : AGENTS}:${addressOf(sender)}#${id}`, isSeen }
}
