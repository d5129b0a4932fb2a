import { namespaceOf, type Key } from '@catena/domain'
import type { AccessRow, Accessor } from '../ports/access-summary.js'
import type { Parties } from '../reviewers/independence.js'

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

function keysOf(accessor: Accessor): Key[] {
  switch (accessor.kind) {
    case 'person':
    case 'workload':
      return [accessor.key, ...accessor.aliases]
    case 'ambiguous':
      return accessor.candidates.flatMap(({ key, aliases }) => [key, ...aliases])
    case 'shared':
    case 'unknown':
      return []
  }
}

function present(key: Key | undefined): Key[] {
  return key === undefined ? [] : [key]
}
