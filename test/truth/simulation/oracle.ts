import type { Behind, Happened, Held } from './held.js'
import type { Mount, Origin, Person } from './organisation.js'
import { capped, NOBODY, same, type Aspect, type Truth } from './truth.js'

interface Login {
  readonly mount: Mount
  readonly origin: Origin | undefined
  readonly at: number
  readonly isCallback: boolean
  readonly joined?: Person | undefined
  readonly account?: string
}

/** So near to a change or so far off that either answer is right. */
const NEAR_MS = 900_000
const PROVEN = (): Aspect => same('proven')
/** Nothing is expected where clocks differ and no pair tells. */
const ANY: Aspect = { most: 'proven', need: 'missing' }

export function behindLogin(course: Happened, login: Login | 'root'): Behind {
  if (login === 'root') return { path: PROVEN, actor: () => ({ ...NOBODY, shared: 'root' }), at: 0 }
  const { mount, origin, at, joined } = login
  if (mount.type === 'approle')
    return { path: PROVEN, actor: () => ({ ...NOBODY, shared: `approle:${login.account ?? ''}` }), at }
  if (mount.type === 'userpass') return { path: PROVEN, actor: () => joinedActor(course, joined), at }
  if (origin === undefined || !mount.isDeclared) return { path: () => NOBODY, actor: () => NOBODY, at }
  const path = (): Aspect => pathOf(course, login, origin)
  return { path, actor: () => actorOf(course, login, origin, path()), mount, origin, at }
}

/** An operator's join: inferable where every federated login of the entity names its one person. */
function joinedActor(course: Happened, person: Person | undefined): Aspect {
  if (person === undefined) return NOBODY
  const logins = course.logins.filter(
    (login) => login.person === person && login.origin !== undefined && login.mount.isDeclared,
  )
  const isClear =
    logins.length > 0 && logins.every(({ mount, origin }) => mount.claims.sid !== undefined && origin?.isRecorded)
  return {
    most: 'inferred',
    need: isClear && person.deletedAt === undefined ? 'inferred' : 'missing',
    really: `person:${person.username}`,
  }
}

function isMinted({ claims }: Mount): boolean {
  return claims.sid !== undefined || (claims.run_id !== undefined && claims.run_attempt !== undefined)
}

function offsetOf(course: Happened, { attempt }: Origin): number {
  return attempt === undefined ? course.organisation.keycloakOffset : course.organisation.githubOffset
}

function isBounded(course: Happened, of: Origin): boolean {
  return course.logins.some((login) => pairsClocks(login, of))
}

function quickest(course: Happened, of: Origin): number {
  const pairs = course.logins.filter((login) => pairsClocks(login, of))
  return Math.min(...pairs.map(({ at, origin }) => at - (origin?.start ?? at)))
}

/** The login joins the clocks of the vault and of the issuer by a minted key. */
function pairsClocks({ mount, origin }: Happened['logins'][number], of: Origin): boolean {
  if (!mount.isDeclared || origin?.isRecorded !== true) return false
  return (origin.attempt === undefined) === (of.attempt === undefined) && isMinted(mount)
}

function pathOf(course: Happened, login: Login, origin: Origin): Aspect {
  const { mount, at } = login
  if (isMinted(mount)) {
    if (!origin.isRecorded) return NOBODY
    return same(origin.isForged === true ? 'ambiguous' : 'proven', origin.key)
  }
  const peers = peersOf(course, mount, origin)
  if (peers === undefined) return NOBODY
  const offset = offsetOf(course, origin)
  if (offset !== 0 && !isBounded(course, origin)) return ANY
  // Ahead of the vault, an issuer's clock is only known as well as the quickest login after a start.
  if (offset > 0 && quickest(course, origin) > 900) return ANY
  const endOf = (other: Origin): number => (other.endRecorded ? (other.end ?? Infinity) : Infinity)
  const alive = peers.filter((other) => other.start <= at && endOf(other) > at)
  const isNear = peers.some(
    (other) =>
      (!alive.includes(other) && Math.abs(other.start - at) < NEAR_MS) ||
      (Math.abs(endOf(other) - at) < NEAR_MS && endOf(other) <= at),
  )
  const isAlone = alive.length === 1 && !alive.some((other) => other.isForged)
  const isExchanged = login.isCallback && origin.person !== undefined
  const most = isAlone || isExchanged ? 'inferred' : 'ambiguous'
  const isSure = offset === 0 && (isExchanged || (isAlone && !isNear))
  const isNamed =
    origin.person === undefined ||
    mount.claims.sub !== undefined ||
    mount.claims.preferred_username !== undefined ||
    isEmailKnown(origin.person)
  return { most, need: !isNamed ? 'missing' : isSure ? 'inferred' : 'ambiguous', really: origin.key }
}

function isEmailKnown(person: Person): boolean {
  return person.deletedAt === undefined
}

/** Origins that carry the same standing key; undefined where the mount maps none. */
function peersOf(course: Happened, { claims }: Mount, origin: Origin): Origin[] | undefined {
  const recorded = course.origins.filter((other) => other.isRecorded)
  const { attempt, person } = origin
  if (attempt === undefined) {
    const names = claims.sub !== undefined || claims.email !== undefined || claims.preferred_username !== undefined
    return names ? recorded.filter((other) => other.person === person) : undefined
  }
  if (claims.run_id !== undefined) return recorded.filter((other) => other.attempt?.run === attempt.run)
  const names = claims.repository !== undefined || claims.repository_id !== undefined
  return names ? recorded.filter((other) => other.attempt?.repository.id === attempt.repository.id) : undefined
}

function actorOf(course: Happened, { mount }: Login, origin: Origin, path: Aspect): Aspect {
  const { person } = origin
  if (person === undefined) return path.really === undefined ? path : { ...path, really: origin.key }
  const really = `person:${person.username}`
  if (mount.claims.sid !== undefined && origin.isRecorded) return same('proven', really)
  const offset = offsetOf(course, origin)
  // Which of the person's sessions it was is not known, so one that ended meanwhile may keep the actor from being proven.
  if (mount.claims.sub !== undefined) return capped(same('proven', really), 'proven', 'inferred')
  const named = mount.claims.email !== undefined || mount.claims.preferred_username !== undefined
  if (!named) return NOBODY
  // Whose name it was at a moment that nobody can tell.
  if (offset !== 0 && !isBounded(course, origin)) return ANY
  const isKnown = mount.claims.email === undefined ? person.deletedAt === undefined : isEmailKnown(person)
  return { most: 'inferred', need: isKnown && offset === 0 ? 'inferred' : 'missing', really }
}

interface Use {
  readonly id: string
  readonly what: string
  readonly at: number
  readonly address: string
  readonly isDead: boolean
  /** The token is named by an accessor, on some device in clear. */
  readonly isSure: boolean
}

export function truthOfUse(course: Happened, use: Use, { behind, handed, address }: Held): Truth {
  const path = behind.path()
  const owned = handed ? { ...NOBODY } : aged(course, use, behind, behind.actor(), address)
  const truth = { request: use.id, what: use.what }
  if (use.isSure) return { ...truth, path, actor: owned }
  // What a salt hides cannot be asked for.
  const { shared, ...unshared } = capped(owned, owned.most, 'missing')
  const actor = shared === undefined ? unshared : { ...unshared, either: shared }
  return { ...truth, path: capped(path, path.most, 'missing'), actor }
}

/** Whoever logged in may no longer be the one who uses the token. */
function aged(course: Happened, use: Use, { origin, at }: Behind, actor: Aspect, address: string): Aspect {
  if (actor.most !== 'proven') return actor
  if (use.isDead || (use.at !== at && use.address !== address)) return capped(actor, 'inferred')
  if (origin === undefined) return actor
  const offset = offsetOf(course, origin)
  const slack = offset === 0 ? 0 : isBounded(course, origin) ? 300_000 : Infinity
  const ends = [origin.endRecorded ? origin.end : undefined, origin.person?.deletedAt, origin.person?.disabledAt]
  const since = Math.max(...ends.map((end) => (end === undefined ? -Infinity : use.at - end)))
  if (since > 1_100 + slack) return capped(actor, 'inferred')
  const isNear = since > -300_000 && offset !== 0
  return since > 0 || isNear ? capped(actor, 'proven', 'inferred') : actor
}
