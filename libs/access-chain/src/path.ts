import { isMinted, namespaceOf, type Activity, type Key } from '@catena/domain'
import { positionsOf, weakest, type Link, type MissingReason, type PathAspect } from './chain.js'
import { keysOf, type Evidence } from './evidence.js'
import { HOPS_MAX, isEstablishingLogin } from './gather.js'
import { textOf } from './lives.js'
import { upstreamOf, type Upstream } from './upstream.js'

/** Where a walk ended. */
export type Terminal =
  | { readonly kind: 'upstream'; readonly login: Activity; readonly upstream: Upstream }
  | { readonly kind: 'account'; readonly login: Activity }
  | { readonly kind: 'root'; readonly fact: Activity }
  | { readonly kind: 'none'; readonly reason: MissingReason }

export interface Trace {
  readonly links: readonly Link[]
  readonly terminal: Terminal
  /** The fact whose caller held a token that somebody else had made: who holds it is not known. */
  readonly handedOver: boolean
  /** The login that made the caller's own token, where its holder authenticated. */
  readonly login: Activity | undefined
}

/** Walks backwards from a fact through tokens to the login, session or run that its authority came from. */
export function trace(evidence: Evidence, fact: Activity): Trace {
  if (isEstablishingLogin(fact)) return traceLogin(evidence, fact, [], false)
  const callers = keysOf(fact, 'caller')
  if (callers.length === 0) return none([], unauthenticated(fact), false)
  return traceToken(evidence, fact, callers, [], new Set())
}

function unauthenticated(fact: Activity): MissingReason {
  if (fact.kind === 'login' && fact.outcome !== 'succeeded') return 'refused: nobody was authenticated'
  return 'nobody authenticated'
}

function traceToken(
  evidence: Evidence,
  fact: Activity,
  callers: readonly Key[],
  links: readonly Link[],
  seen: ReadonlySet<Key>,
): Trace {
  const handedOver = links.some((link) => link.by === 'handover')
  const token = evidence.canonical(callers[0] as Key)
  const establishers = callers.length === 0 ? [] : evidence.factsBy(token, 'establishes')
  if (seen.has(token) || seen.size >= HOPS_MAX)
    return none(
      [...links, broken(fact, token, 'not recorded by that source')],
      'not recorded by that source',
      handedOver,
    )
  if (establishers.length === 0) return traceOrigin(evidence, fact, token, links, handedOver)
  const logins = establishers.filter(isEstablishingLogin)
  const [maker] = logins.length > 0 ? logins : establishers
  if (maker === undefined || new Set(establishers.map((other) => other.factId)).size > 1) {
    return none([...links, contested(fact, token, establishers)], 'not recorded by that source', handedOver)
  }
  if (isEstablishingLogin(maker))
    return traceLogin(evidence, maker, [...links, made(fact, maker, token, 'login')], handedOver)
  const through = [...links, made(fact, maker, token, 'handover')]
  return traceToken(evidence, maker, keysOf(maker, 'caller'), through, new Set([...seen, token]))
}

function traceLogin(evidence: Evidence, login: Activity, links: readonly Link[], handedOver: boolean): Trace {
  const own = handedOver ? undefined : login
  if (textOf(login, 'origin') === 'long-lived')
    return { links, terminal: { kind: 'account', login }, handedOver, login: own }
  if (textOf(login, 'origin') === 'undeclared') {
    const link = { ...broken(login, undefined, 'federation not declared'), by: 'federation' as const }
    return { ...none([...links, link], 'federation not declared', handedOver), login: own }
  }
  const upstream = upstreamOf(evidence, login)
  return { links: [...links, upstream.link], terminal: { kind: 'upstream', login, upstream }, handedOver, login: own }
}

/** A token that no record creates: the system's own root, or made where nobody was listening. */
function traceOrigin(
  evidence: Evidence,
  fact: Activity,
  token: Key,
  links: readonly Link[],
  handedOver: boolean,
): Trace {
  if (textOf(fact, 'callerOrigin') === 'root') {
    const words = 'the root token of the vault: no record creates it, and it names nobody'
    const link: Link = {
      from: fact.factId,
      to: [],
      key: token,
      state: 'proven',
      by: 'origin',
      candidates: [],
      caveats: [],
      evidence: fact.positions,
      words,
    }
    return { links: [...links, link], terminal: { kind: 'root', fact }, handedOver, login: undefined }
  }
  const reason = textOf(fact, 'displayName') === undefined ? 'not recorded by that source' : 'gap in the source'
  return none([...links, broken(fact, token, reason)], reason, handedOver)
}

function none(links: readonly Link[], reason: MissingReason, handedOver: boolean): Trace {
  return { links, terminal: { kind: 'none', reason }, handedOver, login: undefined }
}

function made(fact: Activity, maker: Activity, token: Key, by: 'login' | 'handover'): Link {
  const words = by === 'login' ? 'the token came from a login of its holder' : 'the token was made for whoever holds it'
  return {
    from: fact.factId,
    to: [maker.factId],
    key: token,
    state: 'proven',
    by,
    candidates: [],
    caveats: [],
    evidence: positionsOf([fact, maker]),
    words,
  }
}

function broken(fact: Activity, token: Key | undefined, reason: MissingReason): Link {
  const words = token === undefined ? reason : `no record establishes the token (${reason})`
  return {
    from: fact.factId,
    to: [],
    key: token,
    state: 'missing',
    by: 'login',
    reason,
    candidates: [],
    caveats: [],
    evidence: fact.positions,
    words,
  }
}

function contested(fact: Activity, token: Key, establishers: readonly Activity[]): Link {
  return {
    from: fact.factId,
    to: establishers.map((maker) => maker.factId),
    key: token,
    state: 'ambiguous',
    by: 'login',
    candidates: [],
    caveats: [],
    evidence: positionsOf([fact, ...establishers]),
    words: `${establishers.length} records claim to have made the token`,
  }
}

export function pathOf(traced: Trace): PathAspect {
  const state =
    traced.terminal.kind === 'none' && traced.links.length === 0
      ? 'missing'
      : weakest(traced.links.map((link) => link.state))
  const sessions =
    traced.terminal.kind === 'upstream' ? traced.terminal.upstream.sessions.map((session) => session.key) : []
  const reason =
    state === 'missing'
      ? (traced.links.findLast((link) => link.reason !== undefined)?.reason ?? reasonOf(traced.terminal))
      : undefined
  const [through] = sessions
  return {
    state,
    ...(reason === undefined ? {} : { reason }),
    ...(through !== undefined &&
    (state === 'proven' || state === 'inferred') &&
    isMinted(through) &&
    namespaceOf(through) !== 'vault-token'
      ? { through }
      : {}),
    candidates: state === 'ambiguous' ? sessions : [],
    caveats: [...new Set(traced.links.flatMap((link) => link.caveats))],
    links: traced.links,
  }
}

function reasonOf(terminal: Terminal): MissingReason | undefined {
  return terminal.kind === 'none' ? terminal.reason : undefined
}
