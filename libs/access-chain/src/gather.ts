import { credentialKey, type Activity, type Instant, type Key } from '@catena/domain'
import { describedPerson } from './directory.js'
import { groupOf, keyOf, keysOf, type Evidence } from './evidence.js'
import { prefixesOf, REVOCATION_LAG_MS, tokenPathOf } from './end.js'
import type { Lookup } from './fact-index.js'
import { numberOf } from './lives.js'
import { runOf } from './right.js'
import { attemptsOf, personsNamed, sessionPersons } from './sessions.js'

/** Longest walk over handed-over tokens; a longer one is a cycle or no chain any more. */
export const HOPS_MAX = 32

/** A login looks this far around itself for sessions, beyond their life and the clocks' difference. */
const SLACK_MS = 60_000

/** Loads all that the chains of these facts can need: one set of look-ups per hop, however many facts. */
export async function gather(evidence: Evidence, facts: readonly Activity[]): Promise<void> {
  const logins = new Map<string, Activity>()
  for (const fact of facts) if (isEstablishingLogin(fact)) logins.set(fact.factId, fact)
  await gatherTokens(evidence, facts, logins)
  await gatherEntities(evidence, logins)
  await gatherIssuers(evidence, [...logins.values()])
  await gatherApprovals(evidence, [...logins.values()])
  await gatherEnds(evidence, facts)
}

/** A login that made a token: its holder authenticated. */
export function isEstablishingLogin(fact: Activity): boolean {
  return fact.kind === 'login' && groupOf(fact, 'issued')?.by === 'login'
}

async function gatherTokens(
  evidence: Evidence,
  facts: readonly Activity[],
  logins: Map<string, Activity>,
): Promise<void> {
  let frontier: readonly Activity[] = facts
  const seen = new Set<string>()
  for (let hop = 0; hop < HOPS_MAX && frontier.length > 0; hop++) {
    const keys = frontier.flatMap((fact) => [...keysOf(fact, 'caller'), ...keysOf(fact, 'opened')])
    await evidence.loadAllNames('establishes', keys)
    const next: Activity[] = []
    for (const establisher of keys.flatMap((key) => evidence.factsBy(key, 'establishes'))) {
      if (seen.has(establisher.factId)) continue
      seen.add(establisher.factId)
      if (isEstablishingLogin(establisher)) logins.set(establisher.factId, establisher)
      else next.push(establisher)
    }
    frontier = next
  }
}

/** Other logins of an account's entity tell whose account it is, where an operator joined them. */
async function gatherEntities(evidence: Evidence, logins: Map<string, Activity>): Promise<void> {
  const local = [...logins.values()].filter((login) => login.attributes.origin !== 'federated')
  const entities = local.map((login) => keyOf(login, 'entity')).filter((key) => key !== undefined)
  await evidence.load(
    'binds',
    entities.map((key) => ({ key })),
  )
  for (const login of entities.flatMap((key) => evidence.factsBy(key, 'binds'))) logins.set(login.factId, login)
}

async function gatherIssuers(evidence: Evidence, logins: readonly Activity[]): Promise<void> {
  const federated = logins.filter((login) => login.attributes.origin === 'federated')
  for (const [presenter, issuer] of pairsOf(federated)) {
    await evidence.loadSkew(presenter, issuer)
    await evidence.loadCoverage(issuer)
  }
  await gatherMinted(evidence, federated)
  await gatherPeople(evidence, federated)
  await gatherWindows(evidence, federated)
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

export function issuerOf(login: Activity): string {
  return typeof login.attributes.issuer === 'string' ? login.attributes.issuer : ''
}

async function gatherMinted(evidence: Evidence, federated: readonly Activity[]): Promise<void> {
  const minted = federated.flatMap((login) => [
    ...keysOf(login, 'federated-session'),
    ...keysOf(login, 'federated-attempt'),
    ...keysOf(login, 'federated-run'),
  ])
  await evidence.load(
    'establishes',
    minted.map((key) => ({ key })),
  )
  const attempts = federated
    .flatMap((login) => keysOf(login, 'federated-run'))
    .flatMap((run) => attemptsOf(evidence.factsBy(run, 'establishes')))
  await evidence.load(
    'establishes',
    attempts.map((key) => ({ key })),
  )
  await evidence.load(
    'ends',
    [...minted, ...attempts].map((key) => ({ key })),
  )
}

async function gatherPeople(evidence: Evidence, federated: readonly Activity[]): Promise<void> {
  const names = federated.flatMap((login) => [...keysOf(login, 'federated-email'), ...keysOf(login, 'federated-name')])
  await evidence.load(
    'describes',
    names.map((key) => ({ key })),
  )
  const persons = [
    ...federated.flatMap((login) => keysOf(login, 'federated-person')),
    ...names.flatMap((name) => evidence.factsBy(name, 'describes')).map(describedPerson),
    ...federated
      .flatMap((login) => keysOf(login, 'federated-session'))
      .flatMap((session) => sessionPersons(evidence.factsBy(session, 'establishes'))),
  ].filter((key) => key !== undefined)
  await evidence.load(
    'describes',
    persons.map((key) => ({ key })),
  )
  await evidence.load(
    'ends',
    persons.map((key) => ({ key })),
  )
}

/** Sessions and attempts that a login without a minted key may have come through. */
async function gatherWindows(evidence: Evidence, federated: readonly Activity[]): Promise<void> {
  const lookups = federated
    .filter(needsWindow)
    .flatMap((login) => standingOf(evidence, login).map((key) => ({ key, span: spanOf(evidence, login) })))
  await evidence.load('binds', lookups)
  const candidates = lookups.flatMap(({ key }) => evidence.factsBy(key, 'binds'))
  const minted = [...candidates.flatMap((fact) => keysOf(fact, 'session')), ...attemptsOf(candidates)].map((key) => ({
    key,
  }))
  await evidence.load('establishes', minted)
  await evidence.load('ends', minted)
  await evidence.load(
    'presents',
    candidates.flatMap((fact) => keysOf(fact, 'session')).map((key) => ({ key })),
  )
}

function needsWindow(login: Activity): boolean {
  return (
    keyOf(login, 'federated-session') === undefined &&
    keyOf(login, 'federated-attempt') === undefined &&
    keyOf(login, 'federated-run') === undefined
  )
}

function standingOf(evidence: Evidence, login: Activity): Key[] {
  return [
    ...personsNamed(evidence, login).map((person) => person.key),
    ...keysOf(login, 'federated-repository'),
    ...keysOf(login, 'federated-repository-name'),
  ]
}

function spanOf(evidence: Evidence, login: Activity): { from: Instant; to: Instant } {
  const skew = evidence.skew(login.source, issuerOf(login))
  const declared = login.attributes.sessionMaxMs
  const life = Math.max(
    evidence.settings.attemptMaxMs,
    typeof declared === 'number' ? declared : evidence.settings.sessionMaxMs,
  )
  return {
    from: login.occurredAt - life - Math.abs(skew.high) - SLACK_MS,
    to: login.occurredAt + Math.abs(skew.low) + SLACK_MS,
  }
}

/** What became of the tokens, leases and versions that these facts used or obtained. */
async function gatherEnds(evidence: Evidence, facts: readonly Activity[]): Promise<void> {
  const makers = facts.flatMap((fact) => keysOf(fact, 'caller')).flatMap((key) => evidence.factsBy(key, 'establishes'))
  const both = [...new Map([...facts, ...makers].map((fact) => [fact.factId, fact])).values()]
  const leases = facts.flatMap((fact) => keysOf(fact, 'lease'))
  await evidence.loadAllNames('ends', [
    ...both.flatMap((fact) => [...keysOf(fact, 'issued'), ...keysOf(fact, 'wrapped')]),
    ...leases,
  ])
  await evidence.loadAllNames(
    'presents',
    facts.flatMap((fact) => keysOf(fact, 'wrapping')),
  )
  await evidence.load('ends', [
    ...both.flatMap(expiryLookup),
    ...leases.flatMap(prefixesOf).map((key) => ({ key })),
    ...facts.flatMap(versionLookup),
  ])
}

/** The server log names a token by its path and the time at which it was due. */
function expiryLookup(maker: Activity): Lookup[] {
  const path = tokenPathOf(maker)
  const ttl = numberOf(maker, 'issuedTtlSeconds')
  if (path === undefined || ttl === undefined) return []
  const due = (maker.completedAt ?? maker.occurredAt) + ttl * 1000
  return [{ key: path, span: { from: due - REVOCATION_LAG_MS, to: due + REVOCATION_LAG_MS } }]
}

function versionLookup(fact: Activity): Lookup[] {
  const credential = fact.kind === 'secret-read' && fact.target !== undefined ? credentialKey(fact.target) : undefined
  return credential === undefined ? [] : [{ key: credential }]
}

/** Approvals name the run. */
async function gatherApprovals(evidence: Evidence, logins: readonly Activity[]): Promise<void> {
  const attempts = logins.flatMap((login) => [
    ...keysOf(login, 'federated-attempt'),
    ...keysOf(login, 'federated-repository-name').flatMap((key) => attemptsOf(evidence.factsBy(key, 'binds'))),
  ])
  const runs = attempts.map(runOf).filter((key) => key !== undefined)
  await evidence.load(
    'presents',
    runs.map((key) => ({ key })),
  )
}
