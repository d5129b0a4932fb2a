import type { Activity, Key } from '@catena/domain'
import type { LinkState } from './chain.js'
import { keysOf } from './evidence.js'
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

function holdersOf({ establishers }: Session): Key[] {
  return establishers.flatMap((fact) => keysOf(fact, 'holder'))
}
