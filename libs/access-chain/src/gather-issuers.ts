import { type Activity, type Key } from '@catena/domain'
import { describedPerson } from './directory.js'
import { byKey, issuerOf, keyOf, keysOf, type Evidence } from './evidence.js'
import type { Lookup, Span } from './fact-index.js'
import { isFederated, textOf } from './lives.js'
import { personsNamed } from './people.js'
import { allSessions, attemptsOf, sessionKeysOf, sessionPersons } from './sessions.js'
import { exchangeSpan, searchSpan, startSpan } from './windows.js'

/** Coarsest stamp of a code exchange. */
const EXCHANGE_STAMP_MS = 1_000

/** What the issuers say of the sessions, runs, repositories and people that these logins name themselves. */
export async function gatherPresented(evidence: Evidence, logins: readonly Activity[]): Promise<void> {
  const federated = logins.filter(isFederated)
  const pairs = pairsOf(federated)
  const skews = Promise.all(pairs.map(([presenter, issuer]) => evidence.loadSkew(presenter, issuer)))
  await Promise.all([
    ...pairs.map(([, issuer]) => evidence.loadCoverage(issuer)),
    evidence.load(
      'ends',
      pairs.map(([, issuer]) => byKey(allSessions(issuer))),
    ),
    loadMinted(evidence, mintedOf(federated)),
    // Windows stand on the clocks' difference.
    skews.then(() => gatherClaimed(evidence, federated)),
  ])
}

/** What they say of the attempts and people to whom that leads, and of the sessions that the logins may have come through. */
export async function gatherBehindPresented(evidence: Evidence, logins: readonly Activity[]): Promise<void> {
  const federated = logins.filter(isFederated)
  await Promise.all([loadMinted(evidence, attemptsOfRuns(evidence, federated)), gatherPeople(evidence, federated)])
}

function pairsOf(federated: readonly Activity[]): [string, string][] {
  const pairs = new Map(
    federated.map((login) => [
      `${login.source} ${issuerOf(login)}`,
      [login.source, issuerOf(login)] as [string, string],
    ]),
  )
  return [...pairs.values()]
}

function mintedOf(federated: readonly Activity[]): Key[] {
  return federated.flatMap((login) => [
    ...keysOf(login, 'federated-session'),
    ...keysOf(login, 'federated-attempt'),
    ...keysOf(login, 'federated-run'),
  ])
}

function attemptsOfRuns(evidence: Evidence, federated: readonly Activity[]): Key[] {
  const runs = federated.flatMap((login) => keysOf(login, 'federated-run'))
  return runs.flatMap((run) => attemptsOf(evidence.factsBy(run, 'establishes')))
}

/** When sessions, runs and attempts began and ended. */
async function loadMinted(evidence: Evidence, minted: readonly Key[]): Promise<void> {
  await Promise.all([evidence.load('establishes', minted.map(byKey)), evidence.load('ends', minted.map(byKey))])
}

/** What the claims of the logins themselves name. */
async function gatherClaimed(evidence: Evidence, federated: readonly Activity[]): Promise<void> {
  const signedIn = federated.flatMap((login) =>
    keysOf(login, 'federated-name').map((key) => ({ key, span: around(evidence, login) })),
  )
  const subjects = federated.flatMap((login) => keysOf(login, 'federated-person'))
  await Promise.all([
    evidence.load('describes', [...namesClaimed(federated), ...subjects].map(byKey)),
    evidence.load('binds', signedIn),
    evidence.load('binds', bindingsOf(evidence, federated.filter(needsWindow), claimedStanding)),
    evidence.load('ends', subjects.map(byKey)),
  ])
}

function namesClaimed(federated: readonly Activity[]): Key[] {
  return federated.flatMap((login) => [...keysOf(login, 'federated-email'), ...keysOf(login, 'federated-name')])
}

/** Whom names and sessions lead to, and what people may have come through. */
async function gatherPeople(evidence: Evidence, federated: readonly Activity[]): Promise<void> {
  const names = namesClaimed(federated)
  const persons = [
    ...federated.flatMap((login) => keysOf(login, 'federated-person')),
    ...names.flatMap((name) => evidence.factsBy(name, 'describes')).map(describedPerson),
    ...sessionPersons(names.flatMap((name) => evidence.factsBy(name, 'binds'))),
    ...federated
      .flatMap((login) => keysOf(login, 'federated-session'))
      .flatMap((session) => sessionPersons(evidence.factsBy(session, 'establishes'))),
  ].filter((key) => key !== undefined)
  await Promise.all([evidence.load('describes', persons.map(byKey)), evidence.load('ends', persons.map(byKey))])
  await Promise.all([loadNameless(evidence, persons), gatherWindows(evidence, federated)])
}

/** The sign-ins of people who stand in no directory tell their names. */
async function loadNameless(evidence: Evidence, persons: readonly Key[]): Promise<void> {
  const nameless = persons.filter((key) =>
    evidence.factsBy(key, 'describes').every((fact) => textOf(fact, 'username') === undefined),
  )
  await evidence.load('binds', nameless.map(byKey))
}

/** Sessions and attempts that a login without a minted key may have come through. */
async function gatherWindows(evidence: Evidence, federated: readonly Activity[]): Promise<void> {
  const logins = federated.filter(needsWindow)
  await evidence.load(
    'binds',
    bindingsOf(evidence, logins, (login) => foundStanding(evidence, login)),
  )
  const standing = logins.flatMap((login) => [...claimedStanding(login), ...foundStanding(evidence, login)])
  const candidates = [...new Set(standing)].flatMap((key) => evidence.factsBy(key, 'binds'))
  const sessions = candidates.flatMap(sessionKeysOf)
  await Promise.all([
    loadMinted(evidence, [...sessions, ...attemptsOf(candidates)]),
    evidence.load('presents', exchanges(evidence, logins)),
  ])
  await evidence.load(
    'ends',
    sessionPersons(sessions.flatMap((key) => evidence.factsBy(key, 'establishes'))).map(byKey),
  )
}

/** Does a login present nothing minted by its issuer? */
export function needsWindow(login: Activity): boolean {
  return ['federated-session', 'federated-attempt', 'federated-run'].every((role) => keyOf(login, role) === undefined)
}

/** What the issuer bound to these keys around each login. */
function bindingsOf(evidence: Evidence, logins: readonly Activity[], standing: (login: Activity) => Key[]): Lookup[] {
  return logins.flatMap((login) =>
    standing(login).map((key) => ({
      key,
      span: around(evidence, login),
      // Of what the presenter recorded itself, nothing can be behind the login.
      sources: evidence.sourcesOf(issuerOf(login)).map(({ id }) => id),
    })),
  )
}

/** Who or what stands behind a login by its own claims. */
function claimedStanding(login: Activity): Key[] {
  const roles = ['federated-person', 'federated-repository', 'federated-repository-name', 'federated-holder']
  return roles.flatMap((role) => keysOf(login, role))
}

/** The persons to whom its claims lead. */
function foundStanding(evidence: Evidence, login: Activity): Key[] {
  const claimed = claimedStanding(login)
  return personsNamed(evidence, login)
    .map(({ key }) => key)
    .filter((key) => !claimed.includes(key))
}

function around(evidence: Evidence, login: Activity): Span {
  return searchSpan(startSpan(evidence, login))
}

/** Code exchanges inside the span of a callback, or at the declared client before, of the sessions that may be behind the login. */
function exchanges(evidence: Evidence, logins: readonly Activity[]): Lookup[] {
  return logins.flatMap((login) => {
    const isAtClient = textOf(login, 'issuerClient') !== undefined
    if (login.attributes.exchangesCode !== true && !isAtClient) return []
    const { from, to } = isAtClient ? startSpan(evidence, login) : exchangeSpan(evidence, login)
    const span = { from: from - EXCHANGE_STAMP_MS, to }
    const bound = personsNamed(evidence, login).flatMap((person) => evidence.factsBy(person.key, 'binds'))
    return bound.flatMap((fact) => keysOf(fact, 'session')).map((key) => ({ key, span }))
  })
}
