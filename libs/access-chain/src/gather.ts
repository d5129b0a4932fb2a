import { credentialKey, namespaceOf, type Activity, type Key } from '@catena/domain'
import { isAccount, signInSpan } from './account-sign-ins.js'
import { byKey, keyOf, keysOf, type Evidence } from './evidence.js'
import { prefixesOf, REVOCATION_LAG_MS, tokenPathOf } from './end.js'
import type { Lookup } from './fact-index.js'
import { gatherIssuers, needsWindow } from './gather-issuers.js'
import { aliasesIn, joinedPersons } from './joins.js'
import { isFederated, numberOf, textOf } from './lives.js'
import { requestsOf } from './request-approvals.js'
import { deploymentsOf, runOf } from './right.js'
import { attemptsOf } from './sessions.js'
import { HOPS_MAX, isEstablishingLogin, loginBehind, showsIssuer } from './trace.js'
import { upstreamOf } from './upstream.js'

/** Loads all that the chains of these facts can need: one set of look-ups per hop, however many facts. */
export async function gather(evidence: Evidence, facts: readonly Activity[]): Promise<void> {
  const passed = new Map<string, Activity>()
  let frontier: readonly Activity[] = facts
  for (let step = 0; step < HOPS_MAX && frontier.length > 0; step++) {
    const logins = new Map(frontier.filter(goesToIssuer).map((fact) => [fact.factId, fact]))
    await gatherTokens(evidence, frontier, logins, passed)
    await Promise.all([gatherLogins(evidence, logins), ...(step === 0 ? [gatherEnds(evidence, facts)] : [])])
    for (const [id, login] of logins) passed.set(id, login)
    // The session behind a login may have come from a login of its own.
    frontier = loginsBehind(evidence, [...logins.values()]).filter(({ factId }) => !passed.has(factId))
  }
  await Promise.all([
    gatherRequests(evidence, [...facts, ...passed.values()]),
    gatherHolders(evidence, passed),
    gatherJoins(evidence, [...facts, ...passed.values()]),
  ])
}

function goesToIssuer(fact: Activity): boolean {
  return isEstablishingLogin(fact) || showsIssuer(fact)
}

function loginsBehind(evidence: Evidence, logins: readonly Activity[]): Activity[] {
  const behind = logins.map((login) => (isFederated(login) ? loginBehind(upstreamOf(evidence, login)) : undefined))
  return [...new Set(behind.flatMap((found) => (found === undefined ? [] : [found.login])))]
}

/** Decisions on the requests that something on the path was done under. */
async function gatherRequests(evidence: Evidence, facts: readonly Activity[]): Promise<void> {
  const requests = [...new Set(facts.flatMap(requestsOf))]
  if (requests.length > 0) await evidence.loadAllNames('presents', requests)
}

/** What operators and lists say of accounts with lasting secrets, and of the persons that they name. */
async function gatherJoins(evidence: Evidence, facts: readonly Activity[]): Promise<void> {
  const aliases = [...new Set(facts.filter(isLasting).flatMap(aliasesIn))]
  if (aliases.length === 0) return
  await evidence.load('relates', aliases.map(byKey))
  const persons = [...new Set(aliases.flatMap((alias) => joinedPersons(evidence.factsBy(alias, 'relates'))))]
  await evidence.load('describes', persons.map(byKey))
}

function isLasting(fact: Activity): boolean {
  const isLong = textOf(fact, 'origin') === 'long-lived' || textOf(fact, 'callerOrigin') === 'long-lived'
  return isLong && textOf(fact, 'sharedIdentity') === undefined
}

/** What agents and workloads are called, who answers for them, and whether their sessions were over. */
async function gatherHolders(evidence: Evidence, passed: ReadonlyMap<string, Activity>): Promise<void> {
  const logins = [...passed.values()].filter(isEstablishingLogin)
  const held = logins.filter((login) => keyOf(login, 'holder') !== undefined)
  const holders = logins.flatMap((login) => [...keysOf(login, 'holder'), ...keysOf(login, 'federated-holder')])
  if (holders.length === 0) return
  await Promise.all([
    evidence.load('describes', holders.map(byKey)),
    evidence.load('ends', held.flatMap((login) => keysOf(login, 'issued')).map(byKey)),
  ])
}

/** Who stands behind the logins. */
async function gatherLogins(evidence: Evidence, logins: Map<string, Activity>): Promise<void> {
  await gatherEntities(evidence, logins)
  const all = [...logins.values()]
  await Promise.all([gatherIssuers(evidence, all), gatherApprovals(evidence, all, presentedRuns)])
  await gatherApprovals(evidence, all, (login) => discovered(evidence, login))
}

async function gatherTokens(
  evidence: Evidence,
  facts: readonly Activity[],
  logins: Map<string, Activity>,
  passed: Map<string, Activity>,
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
      passed.set(establisher.factId, establisher)
      const isLogin = isEstablishingLogin(establisher)
      if (goesToIssuer(establisher)) logins.set(establisher.factId, establisher)
      if (!isLogin || establisher.attributes.delegated === true) next.push(establisher)
    }
    for (const login of await gatherSignIns(evidence, frontier)) {
      passed.set(login.factId, login)
      logins.set(login.factId, login)
    }
    await gatherOrigins(evidence, frontier)
    frontier = next
  }
}

/** Of callers that are known by their account alone: its sign-ins, and whether they had ended. */
async function gatherSignIns(evidence: Evidence, facts: readonly Activity[]): Promise<Activity[]> {
  const asked = facts.flatMap((fact) => {
    const key = keyOf(fact, 'caller')
    return key === undefined || !isAccount(key) ? [] : [{ fact, key }]
  })
  if (asked.length === 0) return []
  const spans = asked.map(({ fact, key }) => ({ key, span: signInSpan(evidence, fact) }))
  await Promise.all([evidence.load('binds', spans), evidence.load('ends', spans)])
  const found = asked.flatMap(({ key }) => evidence.factsBy(key, 'binds')).filter(isEstablishingLogin)
  const issued = found.flatMap((login) => keysOf(login, 'issued')).map(byKey)
  await Promise.all([evidence.load('ends', issued), evidence.load('establishes', issued)])
  return [...new Set(found)]
}

/** Of tokens that no record made: what their source has seen, and for a dead one, what it was while it lived. */
async function gatherOrigins(evidence: Evidence, facts: readonly Activity[]): Promise<void> {
  const orphans = facts.filter((fact) => {
    const [token] = keysOf(fact, 'caller')
    return token !== undefined && evidence.factsBy(token, 'establishes').length === 0
  })
  const systems = new Set(orphans.map((fact) => evidence.systemOf(fact.source)))
  const dead = orphans.filter((fact) => fact.attributes.refusedAsDead === true)
  await Promise.all([
    ...[...systems].map((system) => evidence.loadCoverage(system)),
    evidence.loadAllNames(
      'presents',
      dead.flatMap((fact) => keysOf(fact, 'caller')),
    ),
  ])
}

/** Other logins of an account's entity tell whose account it is, where an operator joined them. Of what many hold they tell nothing. */
async function gatherEntities(evidence: Evidence, logins: Map<string, Activity>): Promise<void> {
  const local = [...logins.values()].filter(
    (login) => login.attributes.origin === 'long-lived' && textOf(login, 'sharedIdentity') === undefined,
  )
  const entities = local.map((login) => keyOf(login, 'entity')).filter((key) => key !== undefined)
  await evidence.load(
    'binds',
    entities.map((key) => ({ key, federated: true })),
  )
  for (const login of entities.flatMap((key) => evidence.factsBy(key, 'binds'))) logins.set(login.factId, login)
}

/** What became of the tokens, leases and versions that these facts used or obtained. */
async function gatherEnds(evidence: Evidence, facts: readonly Activity[]): Promise<void> {
  const makers = facts.flatMap((fact) => keysOf(fact, 'caller')).flatMap((key) => evidence.factsBy(key, 'establishes'))
  const both = [...new Map([...facts, ...makers].map((fact) => [fact.factId, fact])).values()]
  const leases = facts.flatMap((fact) => keysOf(fact, 'lease'))
  await Promise.all([
    evidence.loadAllNames('ends', [
      ...both.flatMap((fact) => [...keysOf(fact, 'issued'), ...keysOf(fact, 'wrapped')]),
      ...facts.flatMap((fact) => keysOf(fact, 'opened-session')),
      ...leases,
    ]),
    evidence.loadAllNames(
      'presents',
      both.flatMap((fact) => keysOf(fact, 'wrapping')),
    ),
    evidence.load('ends', [
      ...both.flatMap(expiryLookup),
      ...leases.flatMap(prefixesOf).map((key) => ({ key })),
      ...facts.flatMap(versionLookup),
    ]),
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

/** Later than any record's time, ms: the year 2255. */
const END_OF_TIME = 9e12

/** What replaced the content after it was read; what came before may be long. */
function versionLookup(fact: Activity): Lookup[] {
  const credential = fact.kind === 'secret-read' && fact.target !== undefined ? credentialKey(fact.target) : undefined
  return credential === undefined ? [] : [{ key: credential, span: { from: fact.occurredAt, to: END_OF_TIME } }]
}

/** Approvals name the run, or the deployment that a job carries out. That a login presented the run is what its own source recorded of it, for every login of the run. */
async function gatherApprovals(
  evidence: Evidence,
  logins: readonly Activity[],
  behind: (login: Activity) => readonly Key[],
): Promise<void> {
  const lookups = logins.flatMap((login) => {
    const sources = evidence.settings.sources.map(({ id }) => id).filter((id) => id !== login.source)
    return behind(login).map((key) => ({ key, sources }))
  })
  await evidence.load('presents', lookups)
  await evidence.load(
    'presents',
    lookups.flatMap(({ key }) => deploymentsOf(evidence, key)).map((key) => ({ key })),
  )
}

/** The runs that a login names itself. */
function presentedRuns(login: Activity): Key[] {
  return runsAndJobs([...keysOf(login, 'federated-run'), ...keysOf(login, 'federated-attempt')])
}

/** What the issuers' records lead to: the jobs of those runs, and the attempts that a login which presents none may have come through. */
function discovered(evidence: Evidence, login: Activity): Key[] {
  const jobs = keysOf(login, 'federated-run')
    .flatMap((run) => attemptsOf(evidence.factsBy(run, 'establishes')))
    .filter(isJob)
  if (!needsWindow(login)) return jobs
  const repositories = [...keysOf(login, 'federated-repository'), ...keysOf(login, 'federated-repository-name')]
  return [...jobs, ...runsAndJobs(repositories.flatMap((key) => attemptsOf(evidence.factsBy(key, 'binds'))))]
}

function runsAndJobs(attempts: readonly Key[]): Key[] {
  return [...attempts.map(runOf).filter((run) => run !== undefined), ...attempts.filter(isJob)]
}

function isJob(key: Key): boolean {
  return namespaceOf(key) === 'ci-job'
}
