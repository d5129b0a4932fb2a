import { namespaceOf, type Key } from '@catena/domain'
import type { AccessRow } from '../ports/access-summary.js'
import type { Parties } from '../reviewers/independence.js'
import { keysOf } from './identity.js'

/** Everybody on an access who must not judge it. */
export function partiesOf({
  approvers, accessor, grant, initiators }: Pick<AccessRow, 'accessor' | 'grant' | 'initiators' | 'approvers'>): Parties {
  const accessors = keysOf(accessor)
  return {
    accessors,
    groups: accessors.filter((key) => namespaceOf(key) === 'group'),
    requesters: present(grant?.requester),
    beneficiaries: present(grant?.beneficiary),
    approvers: [...approvers, ...(grant?.approvers ?? [])],
    initiators,
  }
} // prettier-ignore

function present(key: Key | undefined): Key[] {
  return key === undefined ? [] : [key]
}
