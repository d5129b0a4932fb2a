import type { Instant, Key } from '@catena/domain'
import type { CredentialHistory } from './credential-history.js'
import type { InGroup } from './in-group.js'
import { isSaidThroughout, surestOf, anyInGroupAt } from './membership.js'
import { isTeam } from './questions.js'

/** Was one of these keys, at that moment, owner or custodian, or in a team that is? */
export function keepsAt(history: CredentialHistory, keys: readonly Key[], at: Instant): InGroup {
  return surestOf(
    keepersAt(history, at).map((keeper) => {
      if (keys.includes(keeper)) return 'yes'
      return isTeam(keeper) ? anyInGroupAt(history.people, keys, keeper, at) : 'no'
    }),
  )
}

/** The same of a whole stretch of time; never `no`, for nobody looked at what was done in it. */
export function keepsThroughout(
  history: CredentialHistory,
  keys: readonly Key[],
  from: Instant,
  to: Instant,
): Exclude<InGroup, 'no'> {
  const now = keepersNow(history)
  const isSure = now.some(
    (keeper) => keys.includes(keeper) || keys.some((key) => isSaidThroughout(history.people[key], keeper, from, to)),
  )
  return isSure ? 'yes' : 'perhaps'
}

/** Those of now: that somebody owns it is often said after the fact. And those of then: who handed it over since had it by right. */
function keepersAt(history: CredentialHistory, at: Instant): Key[] {
  const former = (history.stewardship.former ?? []).filter(({ from, to }) => from <= at && at < to)
  return [...keepersNow(history), ...former.map(({ key }) => key)]
}

function keepersNow({ stewardship, owner }: CredentialHistory): Key[] {
  return [...stewardship.stewards.map(({ key }) => key), ...(owner === undefined ? [] : [owner.key])]
}
