import type { Key } from '@catena/domain'
import type { Identity } from '../ports/people.js'

/** Everybody on an item who must not judge it. */
export interface Parties {
  /** Accessor with all names; every candidate of an ambiguous chain. */
  readonly accessors: readonly Key[]
  /** Groups through which the access is had. */
  readonly groups: readonly Key[]
  readonly requesters: readonly Key[]
  readonly beneficiaries: readonly Key[]
  readonly approvers: readonly Key[]
  /** Who triggered the CI runs. */
  readonly initiators: readonly Key[]
}

export const CONFLICTS = [
  'accessor',
  'member of the group',
  'requester',
  'beneficiary',
  'approver',
  'triggered the CI run',
] as const
export type ConflictKind = (typeof CONFLICTS)[number]

export interface Conflict {
  readonly person: Key
  readonly as: ConflictKind
}

/**
 * The one predicate of R6.2, asked when assigned and when decided. `people`: the reviewer and everybody in whose place the review is made,
 * each by all names. Owning the credential is no conflict by itself.
 */
export function conflictsOf(people: readonly Identity[], parties: Parties): Conflict[] {
  return people.flatMap((person) => {
    const names = new Set([person.key, ...person.aliases])
    const roles: readonly (readonly [ConflictKind, readonly Key[], ReadonlySet<Key>])[] = [
      ['accessor', parties.accessors, names],
      ['member of the group', [...parties.groups, ...parties.accessors], new Set(person.groups)],
      ['requester', parties.requesters, names],
      ['beneficiary', parties.beneficiaries, names],
      ['approver', parties.approvers, names],
      ['triggered the CI run', parties.initiators, names],
    ]
    return roles
      .filter(([, keys, held]) => keys.some((key) => held.has(key)))
      .map(([as]) => ({ person: person.key, as }))
  })
}

/** What speaks against a decision whose voter is in conflict, in words. */
export function decidedBy({ person, as }: Conflict): string {
  return `${person}, who decided it, is its ${as}`
}
