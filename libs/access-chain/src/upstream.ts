import type { Activity, Instant, Key } from '@catena/domain'
import { positionsOf, type Caveat, type Link, type MissingReason } from './chain.js'
import { groupOf, keyOf, keysOf, type Evidence } from './evidence.js'
import { issuerOf } from './gather.js'
import { numberOf, textOf } from './lives.js'
import { attemptsOf, personsNamed, sessionOf, type Session } from './sessions.js'
import { isBeyond } from './skew.js'

/** The link from a federated login to the session or run attempt behind it, and what it may be. */
export interface Upstream {
  readonly link: Link
  /** One where the link is proven or inferred, several where it is ambiguous. */
  readonly sessions: readonly Session[]
  /** Establishers of the minted key disagree on whose it is. */
  readonly disagree: boolean
}

export function upstreamOf(evidence: Evidence, login: Activity): Upstream {
  const attempt = keyOf(login, 'federated-attempt')
  const run = keyOf(login, 'federated-run')
  const session = keyOf(login, 'federated-session')
  const minted = session ?? attempt
  if (minted !== undefined) return byMinted(evidence, login, minted)
  if (run !== undefined) return byWindow(evidence, login, run, attemptsOf(evidence.factsBy(run, 'establishes')))
  return byStanding(evidence, login)
}

function byMinted(evidence: Evidence, login: Activity, key: Key): Upstream {
  const session = sessionOf(evidence, key)
  if (session === undefined) return missing(evidence, login, key, absence(evidence, login))
  const disagree = session.owners.length > 1
  const state = disagree ? 'ambiguous' : 'proven'
  const words = disagree
    ? `the records that establish ${key} disagree on whose it is`
    : `the login presented ${key}, which its issuer established`
  return { link: linkTo(login, [session], key, { state, words }), sessions: [session], disagree }
}

function byStanding(evidence: Evidence, login: Activity): Upstream {
  const persons = personsNamed(evidence, login)
  const repository = keyOf(login, 'federated-repository') ?? keyOf(login, 'federated-repository-name')
  const standing = repository ?? persons[0]?.key
  if (standing === undefined) return missing(evidence, login, undefined, namesNobody(evidence, login))
  const bound = (repository === undefined ? persons.map((person) => person.key) : [repository]).flatMap((key) =>
    evidence.factsBy(key, 'binds'),
  )
  const keys = repository === undefined ? bound.flatMap((fact) => keysOf(fact, 'session')) : attemptsOf(bound)
  return byWindow(evidence, login, standing, [...new Set(keys)].sort())
}

function namesNobody(evidence: Evidence, login: Activity): MissingReason {
  const named = ['federated-email', 'federated-name'].some((role) => groupOf(login, role) !== undefined)
  return named ? absence(evidence, login) : 'not recorded by that source'
}

/** Of the candidates, those whose life covers the login; one is an inference, several are an ambiguity, never "the nearest". */
function byWindow(evidence: Evidence, login: Activity, standing: Key, keys: readonly Key[]): Upstream {
  const sessions = keys.map((key) => sessionOf(evidence, key)).filter((session) => session !== undefined)
  const alive = sessions.filter((session) => covers(evidence, login, session))
  const fitting = narrowByExchange(evidence, login, narrowByClient(login, alive))
  if (fitting.length === 0) return missing(evidence, login, standing, absence(evidence, login))
  const caveats = windowCaveats(evidence, login)
  const state = fitting.length === 1 && caveats.length === 0 ? 'inferred' : 'ambiguous'
  const words =
    fitting.length === 1
      ? `only ${fitting[0]?.key ?? ''} of ${standing} was alive at the login`
      : `${fitting.length} sessions or attempts of ${standing} were alive at the login`
  return { link: linkTo(login, fitting, standing, { state, words, caveats }), sessions: fitting, disagree: false }
}

function covers(evidence: Evidence, login: Activity, session: Session): boolean {
  const skew = evidence.skew(login.source, issuerOf(login))
  const from = session.startsAt + skew.low
  const to = (session.endsAt ?? session.startsAt + lifeMaxOf(evidence, login)) + skew.high
  return from <= (login.completedAt ?? login.occurredAt) && login.occurredAt <= to
}

function lifeMaxOf(evidence: Evidence, login: Activity): number {
  if (
    keyOf(login, 'federated-repository-name') ??
    keyOf(login, 'federated-repository') ??
    keyOf(login, 'federated-run')
  )
    return evidence.settings.attemptMaxMs
  return numberOf(login, 'sessionMaxMs') ?? evidence.settings.sessionMaxMs
}

/** Where the operator names the provider's client of this mount, people came through a sign-in at that client. */
function narrowByClient(login: Activity, sessions: readonly Session[]): readonly Session[] {
  const client = textOf(login, 'issuerClient')
  if (client === undefined) return sessions
  return sessions.filter((session) => session.establishers.some((fact) => textOf(fact, 'clientId') === client))
}

/** The vault exchanges the code while it answers a callback: a session whose code was exchanged inside that span decides. */
function narrowByExchange(evidence: Evidence, login: Activity, sessions: readonly Session[]): readonly Session[] {
  if (login.attributes.exchangesCode !== true || sessions.length < 2) return sessions
  const skew = evidence.skew(login.source, issuerOf(login))
  const [from, to] = [login.occurredAt - skew.high, (login.completedAt ?? login.occurredAt) - skew.low]
  const inside = (at: Instant): boolean => from <= at && at <= to
  const exchanged = sessions.filter((session) =>
    evidence.factsBy(session.key, 'presents').some((fact) => fact.kind === 'code-exchanged' && inside(fact.occurredAt)),
  )
  return exchanged.length > 0 ? exchanged : sessions
}

function windowCaveats(evidence: Evidence, login: Activity): Caveat[] {
  const caveats: Caveat[] = []
  if (isBeyond(evidence.skew(login.source, issuerOf(login)), evidence.settings.skewMaxMs)) caveats.push('clock skew')
  if (inGap(evidence, login)) caveats.push('coverage incomplete')
  return caveats
}

function inGap(evidence: Evidence, login: Activity): boolean {
  const issuer = evidence.issuerOf(issuerOf(login))
  return (issuer?.gaps ?? []).some((gap) => gap.from <= login.occurredAt && login.occurredAt <= gap.to)
}

/** Why the issuer's record of a presented key is not there. */
function absence(evidence: Evidence, login: Activity): MissingReason {
  const coverage = evidence.coverage(issuerOf(login))
  if (coverage === undefined) return 'source not connected'
  return login.occurredAt < coverage.from ? 'before its coverage' : 'gap in the source'
}

function missing(evidence: Evidence, login: Activity, key: Key | undefined, reason: MissingReason): Upstream {
  const words =
    key === undefined
      ? 'the login presented nothing that its issuer recorded'
      : `no record of the issuer establishes ${key} (${reason})`
  return { link: linkTo(login, [], key, { state: 'missing', reason, words }), sessions: [], disagree: false }
}

function linkTo(
  login: Activity,
  sessions: readonly Session[],
  key: Key | undefined,
  rest: Pick<Link, 'state' | 'words'> & Partial<Pick<Link, 'reason' | 'caveats'>>,
): Link {
  const establishers = sessions.flatMap((session) => session.establishers)
  return {
    from: login.factId,
    to: establishers.map((fact) => fact.factId),
    key,
    by: 'federation',
    candidates: rest.state === 'ambiguous' ? sessions.map((session) => session.key) : [],
    caveats: [],
    evidence: positionsOf([login, ...establishers]),
    ...rest,
  }
}
