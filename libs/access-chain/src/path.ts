import type { Activity, Key } from '@catena/domain'
import { weakest, type FederatedLogin, type PathAspect } from './chain.js'
import { issuerOf } from './evidence.js'
import type { Session } from './sessions.js'
import type { Terminal, Trace } from './trace.js'

/** Through which tokens, sessions and runs the authority came: as strong as the weakest link of the walk. */
export function pathOf(traced: Trace): PathAspect {
  const { links, terminal } = traced
  const isEmpty = terminal.kind === 'none' && links.length === 0
  const state = isEmpty ? 'missing' : weakest(links.map((link) => link.state))
  const sessions = [...new Set(sessionsOf(terminal).map((session) => session.key))].sort()
  const [through] = sessions
  const last = terminal.kind === 'none' ? terminal.reason : undefined
  const reason = state === 'missing' ? (links.findLast((link) => link.reason !== undefined)?.reason ?? last) : undefined
  return {
    state,
    ...(reason === undefined ? {} : { reason }),
    ...throughOf(state === 'proven' || state === 'inferred' ? through : undefined),
    candidates: state === 'ambiguous' ? sessions : [],
    caveats: [...new Set(links.flatMap((link) => link.caveats))],
    links,
  }
}

function throughOf(through: Key | undefined): Pick<PathAspect, 'through'> {
  return through === undefined ? {} : { through }
}

/** Sessions and attempts at the far end; those of all makers where a token's making is contested. */
export function sessionsOf(terminal: Terminal): readonly Session[] {
  if (terminal.kind === 'upstream') return terminal.upstream.sessions
  return terminal.kind === 'contested' ? terminal.traces.flatMap((traced) => sessionsOf(traced.terminal)) : []
}

/** Federated logins that a path leads or may lead through, each once. */
export function federatedLogins(fact: Activity, traced: Trace): FederatedLogin[] {
  const logins = new Map(loginsOf(fact, traced).map((login) => [login.factId, login]))
  return [...logins.values()].map((login) => ({
    fact: login.factId,
    presenter: login.source,
    issuer: issuerOf(login),
    at: login.occurredAt,
  }))
}

function loginsOf(fact: Activity, { links, passed, terminal }: Trace): Activity[] {
  const presenting = new Set(links.filter(({ by }) => by === 'federation').map(({ from }) => from))
  const own = [fact, ...passed].filter(({ factId }) => presenting.has(factId))
  return terminal.kind === 'contested' ? [...own, ...terminal.traces.flatMap((other) => loginsOf(fact, other))] : own
}
