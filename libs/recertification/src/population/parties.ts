import { namespaceOf, type Key } from '@catena/domain'
import type { AccessRow } from '../ports/access-summary.js'
import type { Parties } from '../reviewers/independence.js'
import { keysOf } from './identity.js'

const ROLES = ['accessors', 'groups', 'requesters', 'beneficiaries', 'approvers', 'initiators'] as const
export const NO_PARTIES: Parties = {
  accessors: [],
  groups: [],
  requesters: [],
  beneficiaries: [],
  approvers: [],
  initiators: [],
}

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

/** Those of both, each key once. */
export function withParties(parties: Parties, more: Partial<Parties> = {}): Parties {
  const both = { ...parties }
  for (const role of ROLES) {
    const others = more[role] ?? []
    if (others.length > 0) both[role] = [...new Set([...parties[role], ...others])]
  }
  return both
}

/** Who is a party by what is known now, and was not by what was known before; roles of nobody new are left out. */
export function newParties(before: Parties, now: Parties): Partial<Parties> {
  const found = ROLES.map((role) => [role, [...new Set(now[role])].filter((key) => !before[role].includes(key)).sort()] as const)
  return Object.fromEntries(found.filter(([, keys]) => keys.length > 0))
} // prettier-ignore

function present(key: Key | undefined): Key[] {
  return key === undefined ? [] : [key]
}
