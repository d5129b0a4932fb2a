import { agreedOutcome, wrappingIn, type Activity, type Key } from '@catena/domain'
import { isAccount, signedIn, signInsOf } from './account-sign-ins.js'
import type { Link, MissingReason } from './chain.js'
import { groupOf, keysOf, type Evidence } from './evidence.js'
import { broken, contested, lasting, made, rooted } from './links.js'
import { holdOf, holdThrough, isOfAccount, type Hold } from './hold.js'
import { isFederated, numberOf, textOf } from './lives.js'
import { earliestKnown, MAKERS_MAX } from './unwrapped.js'
import { upstreamOf, type Upstream } from './upstream.js'

/** Longest walk over handed-over tokens; a longer one is a cycle or no chain any more. */
export const HOPS_MAX = 32

/** Where a walk ended. */
export type Terminal =
  | { readonly kind: 'upstream'; readonly login: Activity; readonly upstream: Upstream }
  | { readonly kind: 'account'; readonly login: Activity }
  | { readonly kind: 'root'; readonly fact: Activity }
  | { readonly kind: 'contested'; readonly traces: readonly Trace[] }
  | { readonly kind: 'none'; readonly reason: MissingReason }

export interface Trace {
  readonly links: readonly Link[]
  readonly terminal: Terminal
  /** The fact whose caller held a token that somebody else had made: who holds it is not known. */
  readonly handedOver: boolean
  /** The login that made the caller's own token, where its holder authenticated. */
  readonly login: Activity | undefined
  /** The agent or workload that the nearest login of the walk belongs to, or the nearest behind it that no account of another stands before. */
  readonly hold?: Hold | undefined
  /** The login of an account that a call of somebody began: whoever holds that account is not known to be who called. */
  readonly begun?: Activity | undefined
  /** From the nearest login on, those that came through a session which itself came from a login. */
  readonly between?: readonly Crossing[]
  /** The nearest login was found by an account, not by a token of it. */
  readonly byAccount?: boolean
  /** Facts of the path behind the one that was asked about. */
  readonly passed: readonly Activity[]
}

/** A login and the session of another system behind it. */
export interface Crossing {
  readonly login: Activity
  readonly upstream: Upstream
}

/** One step of a walk: a fact whose caller held a token, and the way so far. */
interface Step {
  readonly fact: Activity
  readonly links: readonly Link[]
  readonly seen: ReadonlySet<Key>
  readonly passed: readonly Activity[]
}

/** Walks backwards from a fact through tokens to the login, session or run that its authority came from. */
export function trace(evidence: Evidence, fact: Activity): Trace {
  const step: Step = { fact, links: [], seen: new Set(), passed: [] }
  if (isEstablishingLogin(fact)) return traceLogin(evidence, step)
  if (keysOf(fact, 'caller').length === 0)
    return showsIssuer(fact) ? traceLogin(evidence, step) : none(step, [], callerless(fact))
  return traceToken(evidence, step)
}

/** A login that made a token: its holder authenticated, even where the token was then wrapped for another. */
export function isEstablishingLogin(fact: Activity): boolean {
  return fact.kind === 'login' && (groupOf(fact, 'issued') ?? groupOf(fact, 'wrapped')) !== undefined
}

/**
 * A request whose record shows itself what its verified token says of an issuer: some systems record no login, and repeat the identity
 * with every request.
 */
export function showsIssuer(fact: Activity): boolean {
  return fact.kind !== 'login' && isFederated(fact)
}

/** By nobody only where its source says so: what a record leaves out says nothing. */
function callerless(fact: Activity): MissingReason {
  const outcome = agreedOutcome(fact)
  if (fact.kind === 'login' && (outcome === 'denied' || outcome === 'failed'))
    return 'refused: nobody was authenticated'
  const origin = textOf(fact, 'callerOrigin')
  const isNobodys = origin === 'unauthenticated' || (fact.kind === 'login-started' && origin !== 'unrecorded')
  return isNobodys ? 'nobody authenticated' : 'not recorded by that source'
}

function traceToken(evidence: Evidence, step: Step): Trace {
  const { fact, links, seen } = step
  const [first] = keysOf(fact, 'caller')
  if (first === undefined) return none(step, [...links, broken(fact, undefined, 'not recorded by that source')])
  if (isAccount(first) && !isLasting(fact)) return traceAccount(evidence, step, first)
  // Several, where observers show two tokens: whoever made either may have made it.
  const tokens = [...new Set(keysOf(fact, 'caller').map((key) => evidence.canonical(key)))]
  const token = evidence.canonical(first)
  if (seen.has(token) || seen.size >= HOPS_MAX) {
    const words = seen.has(token)
      ? 'the tokens made each other: a cycle'
      : `more than ${HOPS_MAX} tokens made each other`
    return none(step, [...links, broken(fact, token, 'not recorded by that source', words)])
  }
  const { makers, isCut } = evidence.once(`made ${isLasting(fact)} ${tokens.join(' ')}`, () => lookedAt(tokens.flatMap((each) => makersOf(evidence, fact, each)))) // prettier-ignore
  const [maker, ...others] = makers
  if (maker === undefined) return traceOrigin(evidence, step, token)
  const next = { ...step, seen: new Set([...seen, ...tokens]) }
  if (others.length === 0) return traceMaker(evidence, next, token, maker)
  const traces = makers.map((each) => traceMaker(evidence, next, token, each))
  const handedOver = traces.some((each) => each.handedOver)
  const terminal = { kind: 'contested', traces } as const
  const passed = [...step.passed, ...makers]
  return { links: [...links, contested(fact, token, makers, isCut)], terminal, handedOver, login: undefined, passed }
}

/** Of a wrapping as many as are looked at for what was in it: whoever carries it was handed it by any of them. */
function lookedAt(makers: readonly Activity[]): { readonly makers: readonly Activity[]; readonly isCut: boolean } {
  const all = [...new Set(makers)]
  const looked = all.some((maker) => wrappingIn(maker) !== undefined) ? earliestKnown(all, MAKERS_MAX) : all
  return { makers: looked, isCut: looked.length < all.length }
}

/** By the account alone: whichever of its sign-ins was alive. */
function traceAccount(evidence: Evidence, step: Step, account: Key): Trace {
  const { fact, links, seen, passed } = step
  const logins = signInsOf(evidence, fact, account)
  if (logins.length === 0 || seen.has(account))
    return none(step, [...links, broken(fact, account, 'not recorded by that source')])
  const through = [...links, signedIn(evidence, fact, account, logins)]
  const next = { seen: new Set([...seen, account]), links: through }
  const traces = logins.map((login) => traceLogin(evidence, { ...next, fact: login, passed: [...passed, login] }))
  const [sole, ...others] = traces
  if (sole !== undefined && others.length === 0) return { ...sole, byAccount: true }
  const terminal = { kind: 'contested', traces } as const
  return { links: through, passed, terminal, handedOver: isHandedOver(through), login: undefined, byAccount: true }
}

/**
 * Who made the token of a fact's caller. Where one system says that a token was made and another to whom it then gave it, they tell one
 * story, and the path leads through the second. A credential that lasts belongs to its account, whoever had it made.
 */
function makersOf(evidence: Evidence, fact: Activity, token: Key): readonly Activity[] {
  const makers = evidence.factsBy(token, 'establishes')
  const names = evidence.namesOf(token)
  const receivers = makers.filter((maker) => isReceived(maker, names))
  if (receivers.length > 0)
    return makers.filter(({ source }) => receivers.some((receiver) => receiver.source === source))
  return isLasting(fact) ? [] : makers
}

function isReceived({ groups }: Activity, names: readonly Key[]): boolean {
  const established = groups.filter(({ verb, by }) => verb === 'establishes' && by === 'login')
  return established.some(({ forms }) => forms.some(({ key }) => names.includes(key)))
}

function isLasting(fact: Activity): boolean {
  return textOf(fact, 'callerOrigin') === 'long-lived'
}

/** Those who made the caller's token and are not on its path. */
export function makersBeside(evidence: Evidence, fact: Activity): readonly Activity[] {
  const [token] = keysOf(fact, 'caller')
  if (token === undefined) return []
  return evidence.once(`beside ${isLasting(fact)} ${token}`, () => {
    const onPath = new Set(makersOf(evidence, fact, token))
    return evidence.factsBy(token, 'establishes').filter((maker) => !onPath.has(maker))
  })
}

function traceMaker(evidence: Evidence, { fact, links, seen, passed }: Step, token: Key, maker: Activity): Trace {
  const isLogin = isEstablishingLogin(maker)
  const isHolders = isLogin && groupOf(maker, 'wrapped') === undefined
  const by = isHolders ? 'login' : isDelegated(fact) ? 'delegation' : 'handover'
  const step = { fact: maker, links: [...links, made(fact, maker, token, by)], seen, passed: [...passed, maker] }
  const isTold = isLogin || (showsIssuer(maker) && keysOf(maker, 'caller').length === 0)
  return isTold ? traceLogin(evidence, step) : traceToken(evidence, step)
}

/** What was done on behalf of a call: whoever did it stands in its own record. */
function isDelegated(fact: Activity): boolean {
  return fact.attributes.delegated === true
}

function traceLogin(evidence: Evidence, step: Step): Trace {
  const { fact: login, links, passed } = step
  // Where the record says that somebody took on the caller's identity, its token was made for whoever will hold it.
  const handedOver = isHandedOver(links) || login.attributes.takenOn === true
  const near = { handedOver, login: handedOver ? undefined : login, hold: holdOf(login) }
  const origin = textOf(login, 'origin')
  if (origin === 'long-lived') return { links, passed, terminal: { kind: 'account', login }, ...near }
  // It authenticated by itself: who called is another, and so is how that one held what it called with.
  if (isDelegated(login))
    return { ...traceToken(evidence, step), ...near, between: [], begun: isOfAccount(login) ? login : undefined }
  if (origin !== 'federated')
    return { ...none(step, [...links, broken(login, undefined, 'federation not declared')]), ...near }
  return traceUpstream(evidence, step, near)
}

/** The session behind a login may itself have come from a login, of an agent's runtime for instance: then the walk goes on. */
function traceUpstream(evidence: Evidence, step: Step, near: Pick<Trace, 'handedOver' | 'login'>): Trace {
  const { fact: login } = step
  const upstream = upstreamOf(evidence, login)
  const links = [...step.links, upstream.link]
  const hold = holdOf(login, upstream)
  const behind = loginBehind(upstream)
  if (behind === undefined || step.seen.has(behind.key) || step.seen.size >= HOPS_MAX)
    return { links, passed: step.passed, terminal: { kind: 'upstream', login, upstream }, ...near, hold }
  const seen = new Set([...step.seen, behind.key])
  const next = { fact: behind.login, links, seen, passed: [...step.passed, behind.login] }
  const deeper = traceLogin(evidence, next)
  const crossing = { login, upstream }
  return {
    ...deeper,
    handedOver: near.handedOver || deeper.handedOver,
    login: near.login,
    hold: hold ?? holdThrough(crossing, deeper.hold),
    begun: hold === undefined ? deeper.begun : undefined,
    between: [crossing, ...(deeper.between ?? [])],
  }
}

/** The one login that established the one session of an upstream. */
export function loginBehind({ sessions }: Pick<Upstream, 'sessions'>): { key: Key; login: Activity } | undefined {
  const [session, ...others] = sessions
  if (session === undefined || others.length > 0) return undefined
  // A provider's own sign-in presents the session that it is evidence of: nothing is behind that.
  const [login, ...more] = session.establishers
    .filter(isEstablishingLogin)
    .filter((fact) => !keysOf(fact, 'federated-session').includes(session.key))
  return login === undefined || more.length > 0 ? undefined : { key: session.key, login }
}

/** A token that no record creates: the system's own root, one that lasts, or made where nobody was listening. */
function traceOrigin(evidence: Evidence, step: Step, token: Key): Trace {
  const { fact, links, passed } = step
  if (isLasting(fact)) {
    const through = [...links, lasting(fact, token)]
    return {
      links: through,
      passed,
      terminal: { kind: 'account', login: fact },
      handedOver: isHandedOver(links),
      login: undefined,
    }
  }
  const isRoot = (use: Activity): boolean => textOf(use, 'callerOrigin') === 'root'
  // A dead token's request says nothing of it; its earlier requests do.
  const names = evidence.namesOf(token)
  const isOwn = (use: Activity): boolean => keysOf(use, 'caller').some((key) => names.includes(key))
  const proof = isRoot(fact) ? fact : evidence.factsBy(token, 'presents').find((use) => isRoot(use) && isOwn(use))
  if (proof === undefined && showsIssuer(fact)) return traceLogin(evidence, step)
  if (proof === undefined) return none(step, [...links, broken(fact, token, unrecorded(evidence, fact))])
  const link = rooted(fact, token, [fact, proof])
  return {
    links: [...links, link],
    passed,
    terminal: { kind: 'root', fact },
    handedOver: isHandedOver(links),
    login: undefined,
  }
}

function unrecorded(evidence: Evidence, fact: Activity): MissingReason {
  if (textOf(fact, 'displayName') === undefined || textOf(fact, 'callerOrigin') === 'unrecorded')
    return 'not recorded by that source'
  const issuedAt = numberOf(fact, 'tokenIssuedAt')
  const from = evidence.coverage(evidence.systemOf(fact.source))?.from
  // Token stamps are whole seconds.
  const isBefore = issuedAt !== undefined && from !== undefined && issuedAt + 1000 <= from
  return isBefore ? 'before its coverage' : 'gap in the source'
}

function none(
  { passed }: Pick<Step, 'passed'>,
  links: readonly Link[],
  reason: MissingReason = links.at(-1)?.reason ?? 'not recorded by that source',
): Trace {
  return { links, passed, terminal: { kind: 'none', reason }, handedOver: isHandedOver(links), login: undefined }
}

function isHandedOver(links: readonly Link[]): boolean {
  return links.some((link) => link.by === 'handover')
}
