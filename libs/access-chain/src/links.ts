import type { Activity, Key } from '@catena/domain'
import { positionsOf, weakest, type Link, type MissingReason } from './chain.js'
import { isMakingDisputed, unlessDisputed } from './disputes.js'
import { effectiveTime } from './lives.js'

const PLAIN = { candidates: [], caveats: [] } as const

const MADE = {
  login: 'the token came from a login of its holder',
  handover: 'the token was made for whoever holds it',
  delegation: 'it was done on behalf of that call',
}

/** The token was made by that fact. */
export function made(fact: Activity, maker: Activity, token: Key, by: 'login' | 'handover' | 'delegation'): Link {
  // A call is on record when it is over.
  const isLate = by !== 'delegation' && isMadeAfter(fact, maker)
  return {
    from: fact.factId,
    to: [maker.factId],
    key: token,
    state: weakest([
      isMakingDisputed(maker) || isLate ? 'ambiguous' : 'proven',
      unlessDisputed('proven', maker, 'outcome'),
      unlessDisputed('proven', fact, 'caller'),
    ]),
    by,
    candidates: [],
    caveats: [],
    evidence: positionsOf([fact, maker]),
    words: isLate ? `${MADE[by]}, which came after it was used: another may have had that name before` : MADE[by],
  }
}

/** Stamps of one source that lie so far apart tell which came first. */
const STAMPS_MS = 5_000

/** By the clock of one source: then it made another thing of that name. */
function isMadeAfter(fact: Activity, maker: Activity): boolean {
  const last = (fact.completedAt ?? fact.occurredAt) + fact.resolutionMs
  return fact.source === maker.source && effectiveTime(maker, 'establishes') > last + STAMPS_MS
}

export function broken(fact: Activity, token: Key | undefined, reason: MissingReason, words?: string): Link {
  const plain = token === undefined ? reason : `no record establishes the token (${reason})`
  return {
    ...PLAIN,
    from: fact.factId,
    to: [],
    key: token,
    state: 'missing',
    by: token === undefined ? 'federation' : 'login',
    reason,
    evidence: fact.positions,
    words: words ?? plain,
  }
}

/** `isCut`: there are more. */
export function contested(fact: Activity, token: Key, makers: readonly Activity[], isCut: boolean): Link {
  return {
    ...PLAIN,
    from: fact.factId,
    to: makers.map((maker) => maker.factId),
    key: token,
    state: 'ambiguous',
    by: 'login',
    evidence: positionsOf([fact, ...makers]),
    words: `${isCut ? 'more than ' : ''}${makers.length} requests claim to have made the token`,
  }
}

export function lasting(fact: Activity, token: Key): Link {
  return {
    ...PLAIN,
    from: fact.factId,
    to: [],
    key: token,
    state: 'proven',
    by: 'origin',
    evidence: fact.positions,
    words: 'a credential that lasts until it is withdrawn: its system says whose it is, and nothing says who holds it',
  }
}

export function rooted(fact: Activity, token: Key, proof: readonly Activity[]): Link {
  return {
    ...PLAIN,
    from: fact.factId,
    to: [],
    key: token,
    state: 'proven',
    by: 'origin',
    evidence: positionsOf(proof),
    words: 'the root credential of its system: no record creates it, and it names nobody',
  }
}
