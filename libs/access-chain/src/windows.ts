import type { Activity, SourceInstance } from '@catena/domain'
import type { Caveat } from './chain.js'
import { groupOf, issuerOf, type Evidence } from './evidence.js'
import type { Span } from './fact-index.js'
import { numberOf, textOf } from './lives.js'
import type { Session } from './sessions.js'
import { isBeyond } from './skew.js'

/** Longest silence of a source that says nothing where none is declared. */
const SILENCE_MAX_MS = 5 * 60_000

/** Longest life of what a login without a minted key may have come through. */
export function lifeMaxOf(evidence: Evidence, login: Activity): number {
  const runs = ['federated-run', 'federated-repository', 'federated-repository-name']
  if (runs.some((role) => groupOf(login, role) !== undefined)) return evidence.settings.attemptMaxMs
  return numberOf(login, 'sessionMaxMs') ?? evidence.settings.sessionMaxMs
}

/** Where, on the issuer's clock, a session or attempt that may be behind the login can have begun. */
export function startSpan(evidence: Evidence, login: Activity): Span {
  const skew = evidence.skewOf(login)
  return {
    from: login.occurredAt - skew.high - lifeMaxOf(evidence, login),
    to: (login.completedAt ?? login.occurredAt) - skew.low,
  }
}

/** A search reaches this far beyond what fits, because stored times are rounded. */
const ROUNDING_MS = 1

/** So wide that nothing in the span is missed by a search. */
export function searchSpan({ from, to }: Span): Span {
  return { from: from - ROUNDING_MS, to: to + ROUNDING_MS }
}

/** Of the candidates, those that the login can have come through: alive then, and singled out by nothing but evidence. */
export function fittingTo(evidence: Evidence, login: Activity, sessions: readonly Session[]): readonly Session[] {
  const alive = sessions.filter((session) => covers(evidence, login, session))
  return narrowByExchange(evidence, login, narrowByClient(evidence, login, alive))
}

function covers(evidence: Evidence, login: Activity, session: Session): boolean {
  const { from, to } = startSpan(evidence, login)
  if (session.startsAt < from || session.startsAt > to) return false
  return session.endsAt === undefined || login.occurredAt <= session.endsAt + evidence.skewOf(login).high
}

/** Where the operator names the provider's client of this mount, people came through a sign-in at that client. */
function narrowByClient(evidence: Evidence, login: Activity, sessions: readonly Session[]): readonly Session[] {
  const client = textOf(login, 'issuerClient')
  if (client === undefined) return sessions
  const { to } = startSpan(evidence, login)
  const atClient = (fact: Activity): boolean => textOf(fact, 'clientId') === client && fact.occurredAt <= to
  // Where a sign-in names no client, the code that was exchanged for it does.
  const exchanges = (session: Session): readonly Activity[] =>
    evidence.factsBy(session.key, 'presents').filter((fact) => fact.kind === 'code-exchanged')
  return sessions.filter((session) => session.establishers.some(atClient) || exchanges(session).some(atClient))
}

/**
 * The vault exchanges the code while it answers a callback: a session whose code was exchanged inside that span decides. Between two
 * clocks the span is taken where they most likely stand, and where nothing falls into that, wherever they may stand.
 */
function narrowByExchange(evidence: Evidence, login: Activity, sessions: readonly Session[]): readonly Session[] {
  if (login.attributes.exchangesCode !== true || sessions.length < 2) return sessions
  const { best } = evidence.skewOf(login)
  const client = textOf(login, 'issuerClient')
  const likely = exchangeSpan(evidence, login, { low: best, high: best })
  for (const span of [likely, exchangeSpan(evidence, login)]) {
    const isExchange = (fact: Activity): boolean =>
      fact.kind === 'code-exchanged' &&
      fact.outcome === 'succeeded' &&
      span.from <= fact.occurredAt + fact.resolutionMs &&
      fact.occurredAt <= span.to &&
      (client === undefined || textOf(fact, 'clientId') === client)
    const exchanged = sessions.filter((session) => evidence.factsBy(session.key, 'presents').some(isExchange))
    if (exchanged.length > 0) return exchanged
  }
  return sessions
}

/** Where, on the issuer's clock, the code of a callback was exchanged. */
export function exchangeSpan(
  evidence: Evidence,
  login: Activity,
  skew: { readonly low: number; readonly high: number } = evidence.skewOf(login),
): Span {
  return { from: login.occurredAt - skew.high, to: (login.completedAt ?? login.occurredAt) - skew.low }
}

/** What keeps a link by a window from being an inference. */
export function windowCaveats(evidence: Evidence, login: Activity): Caveat[] {
  const caveats: Caveat[] = []
  if (isBeyond(evidence.skewOf(login), evidence.settings.skewMaxMs)) caveats.push('clock skew')
  if (hasGap(evidence, login) || isSilent(evidence, login)) caveats.push('coverage incomplete')
  return caveats
}

/** What began or ended while nobody recorded it could be a candidate, or make one none. */
function hasGap(evidence: Evidence, login: Activity): boolean {
  return evidence.hasGap(issuerOf(login), startSpan(evidence, login))
}

/** Each of several sources of one system may have recorded what the others did not. */
function isSilent(evidence: Evidence, login: Activity): boolean {
  const sources = evidence.sourcesOf(issuerOf(login))
  const at = evidence.timeAtIssuer(login, login.occurredAt)
  const isSilentAt = ({ id, heartbeatSeconds }: SourceInstance): boolean => {
    const coverage = evidence.coverageOf(id)
    if (coverage === undefined) return true
    return at > coverage.to + (heartbeatSeconds === undefined ? SILENCE_MAX_MS : heartbeatSeconds * 1000)
  }
  return sources.length === 0 || sources.some(isSilentAt)
}
