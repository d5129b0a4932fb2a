import type { CredentialHistory } from './credential-history.js'
import type { Retrieval } from './retrieval.js'
import type { SharingGrant } from './sharing-record.js'

/** `perhaps`: granted to a role, and that the accessor was in it then is not on record. Never a pass. */
export type Granted = 'yes' | 'perhaps' | 'no'

/** Does a grant cover the retrieval, and which? The surest first. */
export function grantedBy(
  history: CredentialHistory,
  retrieval: Retrieval,
): { readonly granted: Granted; readonly grant?: SharingGrant } {
  const { at } = retrieval
  const running = history.sharing.grants.filter(
    ({ from, until, endedAt }) => from <= at && at < Math.min(until ?? Infinity, endedAt ?? Infinity),
  )
  const sure = running.find((grant) => covers(history, grant, retrieval))
  if (sure !== undefined) return { granted: 'yes', grant: sure }
  const role = running.find(({ toRole }) => toRole)
  return role === undefined ? { granted: 'no' } : { granted: 'perhaps', grant: role }
}

function covers({ people }: CredentialHistory, { to, toRole }: SharingGrant, { accessor, at }: Retrieval): boolean {
  if (!toRole) return accessor.kind !== 'ambiguous' && accessor.keys.includes(to)
  return (
    accessor.kind === 'person' &&
    accessor.keys.some(
      (key) =>
        people[key]?.memberships.some(
          ({ group, from, readBack }) => group === to && !readBack && (from ?? -Infinity) <= at,
        ) === true,
    )
  )
}
