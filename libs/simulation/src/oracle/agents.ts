import type { Agent } from '../organisation/agents.js'
import type { Person } from '../organisation/people.js'
import { NOBODY, same, type Aspect } from './aspect.js'
import { personName } from './behind.js'
import type { Origin } from './origins.js'

/** An agent at work, or a tool server. */
export interface AgentSession {
  readonly id: string
  readonly agent: Agent
  readonly isSeen: boolean
  /** By what it came to its authority. */
  readonly by: ByCredential | BySignIn | ByCall
}

/** A credential of its own. */
interface ByCredential {
  readonly kind: 'credential'
}

/** A token that somebody's sign-in yielded. */
interface BySignIn {
  readonly kind: 'sign-in'
  readonly origin: Origin
  /** The operator told who the provider is. */
  readonly isDeclared: boolean
}

/** A call of another session. */
interface ByCall {
  readonly kind: 'call'
  readonly call: AgentCall
}

export interface AgentCall {
  readonly id: string
  readonly session: AgentSession
  readonly isSeen: boolean
}

/** Through what a retrieval came, as far as records tell. */
export function pathOfAgent(through: AgentSession | AgentCall): Aspect {
  if (!through.isSeen) return NOBODY
  if ('session' in through) return pathOfAgent(through.session)
  const { by } = through
  if (by.kind === 'credential') return same('proven')
  if (by.kind === 'call') return pathOfAgent(by.call)
  const { name, isSeen } = by.origin
  return by.isDeclared && isSeen ? same('proven', { through: name, truth: name }) : NOBODY
}

/** The agent acted, whoever sat with it. Without a record of its session it has no name. */
export function actorOfAgent(through: AgentSession | AgentCall): Aspect {
  if (!through.isSeen) return NOBODY
  if ('session' in through) return actorOfAgent(through.session)
  const name = `${through.agent.kind}:${through.agent.id}`
  return same('proven', { principal: name, truth: name })
}

/** A request of the ticket system that something was done under. */
export interface Request {
  readonly id: string
  readonly approver: Person
  /** A record tells of the approval. */
  readonly isSeen: boolean
  /** The store asked the ticket system; otherwise somebody typed a number. */
  readonly isChecked: boolean
}

/** A typed number is a hint; of a checked one the approval is known where it is recorded. */
export function rightOf({ approver, isSeen, isChecked }: Request): Aspect {
  return isSeen && isChecked ? same('proven', personName(approver)) : NOBODY
}
