import type { CredentialHistory } from './credential-history.js'
import { anyInGroupAt } from './membership.js'
import type { Behind } from './behind.js'
import type { Retrieval } from './retrieval.js'
import type { SharingGrant } from './sharing-record.js'

/** `perhaps`: granted to a role or to one of several candidates, and that it was whoever obtained it is not on record. Never a pass. */
export type Granted = 'yes' | 'perhaps' | 'no'

/** Whoever obtained it, and when. */
type Use = Pick<Retrieval, 'accessor' | 'at'>

/** Grants in force when it was obtained: those that cover whoever obtained it, and those that may. */
export interface Cover {
  readonly sure: readonly SharingGrant[]
  readonly possible: readonly SharingGrant[]
}

/** Judged by who was in a role at the moment of the retrieval: who left it since had the right, who joined since had not. */
export function coverOf(history: CredentialHistory, retrieval: Use): Cover {
  const { at } = retrieval
  const running = history.sharing.grants.filter(
    ({ from, until, endedAt }) => from <= at && at < Math.min(until ?? Infinity, endedAt ?? Infinity),
  )
  const judged = running.map((grant) => ({ grant, covers: covers(history, grant, retrieval) }))
  const those = (granted: Granted) => judged.filter(({ covers: one }) => one === granted).map(({ grant }) => grant)
  return { sure: those('yes'), possible: those('perhaps') }
}

export function grantedBy(history: CredentialHistory, retrieval: Use): Granted {
  const { sure, possible } = coverOf(history, retrieval)
  if (sure.length > 0) return 'yes'
  return possible.length > 0 ? 'perhaps' : 'no'
}

function covers({ people }: CredentialHistory, { to, toRole }: SharingGrant, { accessor, at }: Use): Granted {
  if (toRole) return accessor.kind === 'person' ? anyInGroupAt(people, accessor.keys, to, at) : 'perhaps'
  if (!accessor.keys.includes(to)) return 'no'
  return accessor.kind === 'ambiguous' ? 'perhaps' : 'yes'
}

/** By one grant to it by name, for all of a stretch of time: then each time was, also those that nobody looked at. */
export function isGrantedThroughout({ sharing }: CredentialHistory, { of: { accessor }, from, to }: Behind): boolean {
  return sharing.grants.some(
    (grant) =>
      !grant.toRole &&
      accessor.kind !== 'ambiguous' &&
      accessor.keys.includes(grant.to) &&
      grant.from <= from &&
      to < Math.min(grant.until ?? Infinity, grant.endedAt ?? Infinity),
  )
}
