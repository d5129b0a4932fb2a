import { SESSION_MAX_MS } from '../organisation/mounts.js'
import type { Token } from '../records/vault.js'
import { capped, NOBODY, type Aspect } from './aspect.js'
import { custodyMargin, type Behind } from './behind.js'
import type { Origin } from './origins.js'

/** A token in somebody's hands. */
export interface Held {
  readonly token: Token
  readonly behind: Behind
  /** Made for whoever holds it. */
  readonly isHanded: boolean
  readonly address: string
  readonly agent: string
  isDead: boolean
  /** A record joins the token as it is sent with the token inside: without one, a dead token leads nowhere. */
  isNamed: boolean
}

export interface Use {
  readonly at: number
  readonly address: string
  readonly isDead: boolean
  /** What it came through ends within seconds, so clocks that differ may tell it the other way round. */
  readonly isNearEnd?: boolean | undefined
}

/** What the records say of the path of one use. */
export function pathOf({ behind, isNamed }: Held, { isDead }: Use): Aspect {
  return isDead && !isNamed ? NOBODY : behind.path
}

/** Who held the token at its use: whoever logged in may no longer be the one. */
export function actorOf(held: Held, use: Use, skewMs: number): Aspect {
  const { behind, isHanded, isNamed } = held
  if (isHanded || (use.isDead && !isNamed)) return NOBODY
  const { actor } = behind
  if (actor.max !== 'proven') return actor
  if (use.isDead || (use.at !== behind.at && use.address !== behind.address)) return capped(actor, 'inferred')
  const still = aged(behind, use.at, skewMs)
  return use.isNearEnd === true && skewMs !== 0 ? capped(still, 'proven', 'inferred') : still
}

function aged({ actor, candidates, person }: Behind, at: number, skewMs: number): Aspect {
  const margin = custodyMargin(skewMs)
  const [closed = Infinity] = [person?.disabledAt, person?.deletedAt].filter((moment) => moment !== undefined)
  if (closed + margin < at) return capped(actor, 'inferred')
  const ended = candidates.filter((origin) => endOf(origin) - margin <= at)
  if (ended.length > 0 && ended.length === candidates.length && ended.every((origin) => endOf(origin) + margin < at))
    return capped(actor, 'inferred')
  return ended.length > 0 || closed - margin <= at ? capped(actor, 'proven', 'inferred') : actor
}

/** A session also ends where its declared life does. */
function endOf({ start, end, isEndSeen, dueEnd, person }: Origin): number {
  const declared = person === undefined ? (end === undefined ? (dueEnd ?? Infinity) : Infinity) : start + SESSION_MAX_MS
  return isEndSeen === true && end !== undefined ? Math.min(end, declared) : declared
}
