import { namespaceOf, type Activity, type Key } from '@catena/domain'
import { positionsOf, type Link, type MissingReason } from './chain.js'
import { unlessDisputed } from './disputes.js'
import { groupOf, issuerOf, keysOf, type Evidence } from './evidence.js'
import { namesDisputed, personsNamed } from './people.js'
import { attemptsOf, sessionKeysOf, sessionOf, type Session } from './sessions.js'
import { fittingTo, windowCaveats } from './windows.js'

/** The link from a federated login to the session or run attempt behind it, and what it may be. */
export interface Upstream {
  readonly link: Link
  /** One where the link is proven or inferred, several where it is ambiguous. */
  readonly sessions: readonly Session[]
  /** Establishers of the minted key disagree on whose it is. */
  readonly disagree: boolean
}

export function upstreamOf(evidence: Evidence, login: Activity): Upstream {
  return evidence.once(`upstream ${login.factId}`, () => upstreamBy(evidence, login))
}

function upstreamBy(evidence: Evidence, login: Activity): Upstream {
  const [run, ...otherRuns] = keysOf(login, 'federated-run')
  const sessions = keysOf(login, 'federated-session')
  const [minted, ...others] = sessions.length > 0 ? sessions : keysOf(login, 'federated-attempt')
  if (minted !== undefined && others.length > 0) return byDisputed(evidence, login, [minted, ...others])
  const isOneRun = otherRuns.length === 0
  if (minted !== undefined) return byMinted(evidence, login, minted, isOneRun ? run : undefined)
  if (run === undefined) return byStanding(evidence, login)
  const runs = [run, ...otherRuns]
  const attempts = attemptsOf(runs.flatMap((key) => evidence.factsBy(key, 'establishes')))
  return byWindow(evidence, login, run, attempts, isOneRun ? [] : runs)
}

/** Every other session has a minted key of its own, which contradicts the one presented: nothing stands in for it. */
function byMinted(evidence: Evidence, login: Activity, key: Key, run: Key | undefined): Upstream {
  const session = sessionOf(evidence, key)
  if (session === undefined) return byRunAlone(evidence, login, key, run)
  const { disagree } = session
  const state = disagree ? 'ambiguous' : 'proven'
  const words = disagree
    ? `the records that establish ${key} disagree on whose it is`
    : `the login presented ${key}, which its issuer established`
  return { link: linkTo(login, [session], key, { state, words }), sessions: [session], disagree }
}

/** Observers of one login tell of different sessions or attempts: whichever it was, none is proven. */
function byDisputed(evidence: Evidence, login: Activity, keys: readonly Key[]): Upstream {
  const sessions = keys.map((key) => sessionOf(evidence, key)).filter((session) => session !== undefined)
  const words = disputing(keys)
  if (sessions.length === 0) return missing(evidence, login, keys[0], absence(evidence, login))
  return { link: linkTo(login, sessions, keys[0], { state: 'ambiguous', words }), sessions, disagree: true }
}

/** An issuer that records runs and never their attempts (GitHub's audit log) tells of the run that the login presented. */
function byRunAlone(evidence: Evidence, login: Activity, key: Key, run: Key | undefined): Upstream {
  const facts = run === undefined ? [] : evidence.factsBy(run, 'establishes')
  const session = run === undefined || attemptsOf(facts).length > 0 ? undefined : sessionOf(evidence, run)
  if (session === undefined || session.disagree) return missing(evidence, login, key, absence(evidence, login))
  const words = `the issuer recorded ${session.key} and none of its attempts; the login presented ${key}`
  const link = linkTo(login, [session], session.key, { state: 'inferred', words })
  return { link, sessions: [session], disagree: false }
}

function byStanding(evidence: Evidence, login: Activity): Upstream {
  const persons = personsNamed(evidence, login)
  const claimed = CLAIMED.map((role) => keysOf(login, role)).find((keys) => keys.length > 0)
  const owners = claimed ?? persons.map((person) => person.key)
  const [standing] = owners
  if (standing === undefined) return missing(evidence, login, undefined, namesNobody(evidence, login))
  const bound = owners.flatMap((key) => evidence.factsBy(key, 'binds'))
  const isRepository = namespaceOf(standing).startsWith('repository')
  const keys = isRepository ? attemptsOf(bound) : bound.flatMap(sessionKeysOf)
  const disputed = claimed === undefined ? namesDisputed(login) : claimed.length > 1 ? claimed : []
  return byWindow(evidence, login, standing, [...new Set(keys)].sort(), disputed)
}

/** Roles in which a login names what is no person, the narrowest first. */
const CLAIMED = ['federated-repository', 'federated-repository-name', 'federated-holder']

function namesNobody(evidence: Evidence, login: Activity): MissingReason {
  const named = ['federated-email', 'federated-name'].some((role) => groupOf(login, role) !== undefined)
  return named ? absence(evidence, login) : 'not recorded by that source'
}

/**
 * One candidate alive at the login is an inference, several are an ambiguity, never "the nearest". `disputed`: what observers of the login disagree on;
 * then even one is none.
 */
function byWindow(
  evidence: Evidence,
  login: Activity,
  standing: Key,
  keys: readonly Key[],
  disputed: readonly Key[],
): Upstream {
  const sessions = keys.map((key) => sessionOf(evidence, key)).filter((session) => session !== undefined)
  const fitting = fittingTo(evidence, login, sessions)
  if (fitting.length === 0) return missing(evidence, login, standing, absence(evidence, login))
  const caveats = windowCaveats(evidence, login)
  const disagree = disputed.length > 0 || fitting.some((session) => session.disagree)
  const state = fitting.length === 1 && caveats.length === 0 && !disagree ? 'inferred' : 'ambiguous'
  const words = disputed.length > 0 ? disputing(disputed) : fittingWords(fitting, standing)
  return { link: linkTo(login, fitting, standing, { state, words, caveats }), sessions: fitting, disagree }
}

function fittingWords(fitting: readonly Session[], standing: Key): string {
  return fitting.length === 1
    ? `only ${fitting[0]?.key ?? ''} of ${standing} was alive at the login`
    : `${fitting.length} sessions or attempts of ${standing} were alive at the login`
}

function disputing(keys: readonly Key[]): string {
  return `observers of the login disagree on what it presented: ${keys.join(', ')}`
}

/** Why the issuer's record of a presented key is not there. */
function absence(evidence: Evidence, login: Activity): MissingReason {
  const coverage = evidence.coverage(issuerOf(login))
  if (coverage === undefined) return 'source not connected'
  const at = evidence.timeAtIssuer(login, login.occurredAt)
  return at < coverage.from ? 'before its coverage' : 'gap in the source'
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
  const state = unlessDisputed(rest.state, login, 'outcome')
  return {
    from: login.factId,
    to: [...new Set(establishers.map((fact) => fact.factId))],
    key,
    by: 'federation',
    candidates: state === 'ambiguous' ? sessions.map((session) => session.key) : [],
    caveats: [],
    evidence: positionsOf([login, ...establishers]),
    ...rest,
    state,
  }
}
