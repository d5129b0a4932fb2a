import type { Instant } from '@catena/domain'
import type { AccessSummary } from '../access-summary/access-summary.js'
import { RETRIEVALS_MAX, type CredentialHistory } from './credential-history.js'
import { knownFrom } from './looks-back.js'
import { activeSince } from './questions.js'
import { isObtained, type Retrieval } from './retrieval.js'

/** Is every attempt held, whatever came of it? */
export function holdsAll({ retrievals, older }: CredentialHistory): boolean {
  return !older && retrievals.filter((one) => !isObtained(one)).length < RETRIEVALS_MAX
}

/** Somebody who obtained it in a stretch of time of which not each time is known, or may have. */
export interface Behind {
  readonly of: AccessSummary
  /** Both within the stretch. */
  readonly from: Instant
  readonly to: Instant
}

/** Of those who obtained it since then, what lies behind that which is known one by one. */
export function behind(history: CredentialHistory, since: Instant): Behind[] {
  const known = knownFrom(history)
  return activeSince(history, since).flatMap((of) => {
    const { firstAt = Infinity, lastAt = -Infinity } = of
    const [from, to] = [Math.max(since, firstAt), Math.min(known, lastAt)]
    return from > to ? [] : [{ of, from, to }]
  })
}

/** A time at which somebody certainly obtained it. */
export interface Sighting extends Pick<Retrieval, 'accessor' | 'at' | 'positions'> {
  readonly of: AccessSummary
}

/** Of what is not known one by one, since then: the first and the last time of each accessor, which the sums know. */
export function sightingsBehind(history: CredentialHistory, since: Instant): Sighting[] {
  const known = knownFrom(history)
  return behind(history, since).flatMap(({ of, from }) =>
    [...new Set([of.firstAt, of.lastAt])].flatMap((at): Sighting[] =>
      at === undefined || at < from || at >= known
        ? []
        : [{ of, accessor: of.accessor, at, positions: of.newest.positions }],
    ),
  )
}
