import type { Loss } from '../records/journal.js'
import { SESSION_MAX_MS, type Mount } from '../organisation/mounts.js'
import { loginName, type Person } from '../organisation/people.js'
import { NOBODY, same, type Aspect } from './aspect.js'
import { ATTEMPT_MAX_MS, type Origin, type Origins } from './origins.js'

/** What stands behind a token, as far as records tell. */
export interface Behind {
  /** Kind of hop that the login made. */
  readonly hop: string
  readonly path: Aspect
  /** Who logged in; who holds the token later may be weaker. */
  readonly actor: Aspect
  readonly at: number
  readonly address: string
  /** What the login may have come through. */
  readonly candidates: readonly Origin[]
  readonly person?: Person | undefined
}

/** What the oracle must know of the world. */
export interface Known {
  readonly origins: Origins
  readonly loss: Loss | undefined
  readonly skewMs: number
}

export interface Login {
  readonly mount: Mount
  readonly origin: Origin
  readonly at: number
  readonly address: string
  /** The name that the token of the issuer carried. */
  readonly repositoryName?: string
}

/** Stamps of two systems say no more about what lies nearer together. */
const NEAR_MS = 15_000
/** Beyond it, clocks that differ say little. */
const SKEW_MAX_MS = 5_000

export function behindLogin(known: Known, login: Login): Behind {
  const { mount, origin, at, address } = login
  const hop = `${mount.point} ${mount.claims.join('+')}`
  if (!mount.isDeclared) return { hop: `${mount.point} undeclared`, path: NOBODY, actor: NOBODY, at, address, candidates: [] } // prettier-ignore
  if (isMinted(mount)) return behindMinted(login, hop)
  const path = pathByWindow(known, login)
  const candidates = possible(known, login)
  return { hop, path, actor: actorOf(login, path), at, address, candidates, person: origin.person }
}

/** Accounts with a secret of their own end the path; the vault knows no more of who holds it. */
export function behindAccount(hop: string, shared: string | undefined, at: number, address: string): Behind {
  return { hop, path: same('proven'), actor: { ...NOBODY, ...(shared === undefined ? {} : { shared }) }, at, address, candidates: [] } // prettier-ignore
}

/** Nothing that is recorded made this token. */
export function behindNothing({ hop, at, address }: Behind): Behind {
  return { hop, path: NOBODY, actor: NOBODY, at, address, candidates: [] }
}

function isMinted({ claims }: Mount): boolean {
  return claims.includes('sid') || (claims.includes('run_id') && claims.includes('run_attempt'))
}

function behindMinted({ origin, at, address }: Login, hop: string): Behind {
  const { name, person, isSeen } = origin
  const candidates = [origin]
  if (!isSeen) return { hop, path: NOBODY, actor: unseenActor(origin), at, address, candidates, person }
  const path = same('proven', { through: name, truth: name })
  return { hop, path, actor: same('proven', nameOf(origin)), at, address, candidates, person }
}

/** The e-mail address beside an unrecorded session still names a person. */
function unseenActor({ person }: Origin): Aspect {
  return person === undefined ? NOBODY : { max: 'inferred', need: 'missing', ...personName(person) }
}

function nameOf({ name, person }: Origin): Omit<Aspect, 'max' | 'need'> {
  return person === undefined ? { principal: name, truth: name } : personName(person)
}

export function personName(person: Person): Omit<Aspect, 'max' | 'need'> {
  const name = `person:${loginName(person)}`
  return { principal: name, truth: name, key: `person:${person.id}` }
}

function peersOf({ origins }: Known, { mount, origin, repositoryName = '' }: Login): readonly Origin[] {
  const { person, attempt } = origin
  if (person !== undefined) return origins.ofPerson(person)
  if (attempt !== undefined && mount.claims.includes('run_id')) return origins.ofRun(attempt.run)
  return origins.ofRepository(repositoryName)
}

function marginOf({ skewMs }: Known): number {
  return NEAR_MS + 2 * Math.abs(skewMs)
}

function lifeMaxOf({ origin }: Login): number {
  return origin.person === undefined ? ATTEMPT_MAX_MS : SESSION_MAX_MS
}

/** Those that may have been alive at the login. */
function possible(known: Known, login: Login): readonly Origin[] {
  const margin = marginOf(known)
  return peersOf(known, login).filter(
    (peer) =>
      peer.start - margin <= login.at &&
      endOf(peer) + margin >= login.at &&
      login.at - peer.start < lifeMaxOf(login) + margin,
  )
}

/** Those that were, whatever the stamps' differences. */
function isSure(known: Known, login: Login, peer: Origin): boolean {
  const margin = marginOf(known)
  return (
    peer.start + margin <= login.at &&
    endOf(peer) - margin > login.at &&
    login.at - peer.start < lifeMaxOf(login) - margin
  )
}

function endOf({ end, isEndSeen }: Origin): number {
  return isEndSeen === true && end !== undefined ? end : Infinity
}

function pathByWindow(known: Known, login: Login): Aspect {
  const { origin } = login
  const all = possible(known, login)
  if (all.length === 0) return NOBODY
  const sure = all.filter((peer) => peer === origin || isSure(known, login, peer))
  const sets = { candidates_min: sure.map(({ name }) => name), candidates_max: all.map(({ name }) => name) }
  const truth = origin.isSeen ? { truth: origin.name, through: origin.name } : {}
  const limit = isGap(known, login) ? 'ambiguous' : sure.length > 1 ? 'ambiguous' : 'inferred'
  const isSharp = all.length === 1 && Math.abs(known.skewMs) <= SKEW_MAX_MS
  return { max: limit, need: limit === 'inferred' && isSharp ? 'inferred' : 'ambiguous', ...truth, ...sets }
}

/** Did the issuer lose records of a time in which what stands behind the login may have begun? */
function isGap(known: Known, login: Login): boolean {
  const { loss } = known
  const issuer = login.mount.issuer
  return loss !== undefined && loss.source === issuer && loss.from <= login.at && login.at - lifeMaxOf(login) <= loss.to
}

function actorOf({ mount, origin }: Login, path: Aspect): Aspect {
  const { person } = origin
  if (person === undefined) return path.truth === undefined ? path : { ...path, principal: path.truth }
  if (mount.claims.includes('sub')) return same('proven', personName(person))
  return same('inferred', personName(person))
}

/** How near to its end a session or attempt must be for either answer to be right. */
export function custodyMargin(skewMs: number): number {
  return skewMs === 0 ? 1_100 : 6_000 + 2 * Math.abs(skewMs)
}
