import { namespaceOf, scopeOf, type Activity, type Key } from '@catena/domain'
import { isAccount, signInSpan } from './account-sign-ins.js'
import { byKey, keyOf, keysOf, type Evidence } from './evidence.js'
import { gatherCallerEnds, gatherEnds } from './gather-ends.js'
import { gatherBehindPresented, gatherPresented, needsWindow } from './gather-issuers.js'
import { isOfAccount } from './hold.js'
import { registeredAs } from './holder-actor.js'
import { aliasesIn, joinedPersons } from './joins.js'
import { isFederated, textOf } from './lives.js'
import { loadMakers } from './makers.js'
import { requestsOf } from './request-approvals.js'
import { deploymentsOf, runOf } from './right.js'
import { allSessions, attemptsOf, ownSessionsOf, sessionPersons } from './sessions.js'
import { HOPS_MAX, isEstablishingLogin, loginBehind, showsIssuer } from './trace.js'
import { obtainedBy } from './unwrapped.js'
import { upstreamOf } from './upstream.js'

/** Facts reached so far: whatever they need is asked for once. */
interface Reached {
  readonly makers: Set<string>
  readonly logins: Map<string, Activity>
}

/** Loads all that the chains of these facts can need: one set of look-ups per hop, however many facts. What does not wait for another is asked at once. */
export async function gather(evidence: Evidence, facts: readonly Activity[]): Promise<void> {
  const passed = new Set<string>()
  let frontier: readonly Activity[] = facts
  for (let step = 0; step < HOPS_MAX && frontier.length > 0; step++) {
    const reached: Reached = { makers: new Set(), logins: new Map() }
    await Promise.all([
      gatherReached(evidence, reached, frontier),
      gatherMakers(evidence, reached, frontier, { withEnds: step === 0 }),
      ...(step === 0 ? [gatherEnds(evidence, facts)] : []),
    ])
    for (const id of [...reached.makers, ...reached.logins.keys()]) passed.add(id)
    // The session behind a login may have come from a login of its own.
    frontier = loginsBehind(evidence, [...reached.logins.values()]).filter(({ factId }) => !passed.has(factId))
  }
  await gatherUnwrapped(evidence, facts)
}

/** What became of what had been wrapped: who had it wrapped is known by now. */
async function gatherUnwrapped(evidence: Evidence, facts: readonly Activity[]): Promise<void> {
  const obtained = facts.flatMap((fact) => obtainedBy(evidence, fact) ?? [])
  if (obtained.length === 0) return
  await Promise.all([gatherEnds(evidence, obtained), gatherCallerEnds(evidence, obtained)])
}

/** What stands beside these facts, and who behind those of them that go to an issuer. */
async function gatherReached(evidence: Evidence, reached: Reached, facts: readonly Activity[]): Promise<void> {
  await Promise.all([gatherBeside(evidence, facts), gatherLogins(evidence, reached, facts.filter(goesToIssuer))])
}

async function gatherBeside(evidence: Evidence, facts: readonly Activity[]): Promise<void> {
  await Promise.all([gatherRequests(evidence, facts), gatherHolders(evidence, facts), gatherJoins(evidence, facts)])
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

/** What operators and lists say of accounts, where nothing else says whose a login was, and of the persons that they name. */
async function gatherJoins(evidence: Evidence, facts: readonly Activity[]): Promise<void> {
  const aliases = [...new Set(facts.filter(isLasting).flatMap(aliasesIn))]
  if (aliases.length === 0) return
  await evidence.load('relates', aliases.map(byKey))
  const persons = [...new Set(aliases.flatMap((alias) => joinedPersons(evidence.factsBy(alias, 'relates'))))]
  await evidence.load('describes', persons.map(byKey))
}

function isLasting(fact: Activity): boolean {
  const isLong = isOfAccount(fact) || textOf(fact, 'callerOrigin') === 'long-lived'
  return isLong && textOf(fact, 'sharedIdentity') === undefined
}

/** What agents and workloads are called, who answers for them, and whether their sessions were over. */
async function gatherHolders(evidence: Evidence, facts: readonly Activity[]): Promise<void> {
  const logins = facts.filter(isEstablishingLogin)
  const held = logins.filter((login) => keyOf(login, 'holder') !== undefined)
  const holders = logins.flatMap((login) => [...keysOf(login, 'holder'), ...keysOf(login, 'federated-holder')])
  const sessions = [...held.flatMap((login) => keysOf(login, 'issued')), ...logins.flatMap(ownSessionsOf)]
  await Promise.all([gatherRegistered(evidence, holders), gatherOwnEnds(evidence, sessions)])
}

/** A registration tells under which name its owner keeps what other names are of. */
async function gatherRegistered(evidence: Evidence, holders: readonly Key[]): Promise<void> {
  await evidence.load('describes', holders.map(byKey))
  const names = registeredAs(holders.flatMap((key) => evidence.factsBy(key, 'describes')))
  await evidence.load('describes', names.map(byKey))
}

/** Ends of sessions that logins opened, each by itself or with all of their persons or system. */
async function gatherOwnEnds(evidence: Evidence, sessions: readonly Key[]): Promise<void> {
  if (sessions.length === 0) return
  const all = [...sessions, ...new Set(sessions.map((key) => allSessions(scopeOf(key))))]
  await Promise.all([evidence.load('ends', all.map(byKey)), evidence.load('establishes', sessions.map(byKey))])
  const persons = sessionPersons(sessions.flatMap((key) => evidence.factsBy(key, 'establishes')))
  await evidence.load('ends', persons.map(byKey))
}

/** Who stands behind the logins that were not reached before, and behind others of their accounts. */
async function gatherLogins(evidence: Evidence, reached: Reached, found: readonly Activity[]): Promise<void> {
  const logins = found.filter(({ factId }) => !reached.logins.has(factId))
  if (logins.length === 0) return
  for (const login of logins) reached.logins.set(login.factId, login)
  await Promise.all([gatherBehind(evidence, logins), gatherEntities(evidence, reached, logins)])
}

async function gatherBehind(evidence: Evidence, logins: readonly Activity[]): Promise<void> {
  await Promise.all([gatherIssued(evidence, logins), gatherApprovals(evidence, logins, presentedRuns)])
}

async function gatherIssued(evidence: Evidence, logins: readonly Activity[]): Promise<void> {
  await gatherPresented(evidence, logins)
  await Promise.all([
    gatherBehindPresented(evidence, logins),
    gatherApprovals(evidence, logins, (login) => discovered(evidence, login)),
  ])
}

/** Who made the tokens of these facts' callers, hop by hop; what one hop found is looked up together with the next hop. */
async function gatherMakers(
  evidence: Evidence,
  reached: Reached,
  facts: readonly Activity[],
  { hop = 0, withEnds = false } = {},
): Promise<void> {
  if (facts.length === 0 || hop >= HOPS_MAX) return
  const follow = (makers: readonly Activity[]): Promise<unknown> =>
    Promise.all([
      gatherReached(evidence, reached, makers),
      gatherMakers(evidence, reached, makers.filter(isMadeInTurn), { hop: hop + 1 }),
    ])
  const last = (): Promise<unknown> =>
    Promise.all([gatherOrigins(evidence, facts), ...(withEnds ? [gatherCallerEnds(evidence, facts)] : [])])
  const made = loadMakers(evidence, facts.flatMap(tokensOf), reached.makers, follow, last)
  await Promise.all([made, gatherSignIns(evidence, reached, facts)])
}

function tokensOf(fact: Activity): Key[] {
  return [...keysOf(fact, 'caller'), ...keysOf(fact, 'opened')]
}

/** Did its own caller hold a token that matters? */
function isMadeInTurn(maker: Activity): boolean {
  return !isEstablishingLogin(maker) || maker.attributes.delegated === true
}

/** Of callers that are known by their account alone: its sign-ins, and whether they had ended. */
async function gatherSignIns(evidence: Evidence, reached: Reached, facts: readonly Activity[]): Promise<void> {
  const asked = facts.flatMap((fact) => {
    const key = keyOf(fact, 'caller')
    return key === undefined || !isAccount(key) ? [] : [{ fact, key }]
  })
  if (asked.length === 0) return
  const spans = asked.map(({ fact, key }) => ({ key, span: signInSpan(evidence, fact) }))
  const systems = new Set(asked.map(({ fact }) => evidence.systemOf(fact.source)))
  await Promise.all([
    evidence.load('binds', spans),
    evidence.load('ends', spans),
    ...[...systems].map((system) => evidence.loadCoverage(system)),
  ])
  const found = asked.flatMap(({ key }) => evidence.factsBy(key, 'binds')).filter(isEstablishingLogin)
  const issued = found.flatMap((login) => keysOf(login, 'issued')).map(byKey)
  await Promise.all([
    evidence.load('ends', issued),
    evidence.load('establishes', issued),
    gatherReached(evidence, reached, [...new Set(found)]),
  ])
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
async function gatherEntities(evidence: Evidence, reached: Reached, logins: readonly Activity[]): Promise<void> {
  const local = logins.filter((login) => isOfAccount(login) && textOf(login, 'sharedIdentity') === undefined)
  const entities = local.map((login) => keyOf(login, 'entity')).filter((key) => key !== undefined)
  if (entities.length === 0) return
  await evidence.load(
    'binds',
    entities.map((key) => ({ key, federated: true })),
  )
  const others = [...new Set(entities.flatMap((key) => evidence.factsBy(key, 'binds')))]
  await Promise.all([gatherBeside(evidence, others), gatherLogins(evidence, reached, others)])
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
