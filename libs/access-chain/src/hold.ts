import type { Activity, Key } from '@catena/domain'
import { weakest, type LinkState } from './chain.js'
import { keysOf } from './evidence.js'
import { textOf } from './lives.js'
import type { Session } from './sessions.js'
import type { Upstream } from './upstream.js'

/** An agent, tool server or workload that a login belongs to, by the login itself or by the session behind it. */
export interface Hold {
  readonly login: Activity
  readonly keys: readonly Key[]
  readonly state: LinkState
  /** Sessions of another system that the login came through. */
  readonly sessions: readonly Session[]
}

/** undefined: nothing says that it was one. */
export function holdOf(login: Activity, upstream?: Upstream): Hold | undefined {
  const own = [...keysOf(login, 'holder'), ...keysOf(login, 'federated-holder')]
  const sessions = upstream?.sessions ?? []
  const bound = [...new Set(sessions.flatMap(holdersOf))].sort()
  if (own.length > 0) return { login, keys: own, state: 'proven', sessions }
  return bound.length === 0 ? undefined : { login, keys: bound, state: upstream?.link.state ?? 'missing', sessions }
}

/** The hold of a session that a login came through, as sure as both. */
export function holdThrough(
  { login, upstream }: { readonly login: Activity; readonly upstream: Upstream },
  hold: Hold | undefined,
): Hold | undefined {
  if (hold === undefined) return undefined
  const state = weakest([upstream.link.state, hold.state])
  return { login, keys: hold.keys, state, sessions: [...upstream.sessions, ...hold.sessions] }
}

/** A login of which nothing but an account says whose it was: by a lasting secret, or begun by a call of somebody else. */
export function isOfAccount(login: Activity): boolean {
  if (textOf(login, 'origin') === 'long-lived') return true
  return login.kind === 'login' && login.attributes.delegated === true && holdOf(login) === undefined
}

function holdersOf({ establishers }: Session): Key[] {
  return establishers.flatMap((fact) => keysOf(fact, 'holder'))
}
