import type { Instant, Key } from '@catena/domain'
import type { AccessRow } from './access-summary.js'

/** Somebody in a group for a time; an end that is left out is on no record, or still to come. */
export interface InGroup {
  readonly group: Key
  readonly from?: Instant
  readonly to?: Instant
}

/** A person by all names that records know, with the groups of the moment. */
export interface Identity {
  readonly key: Key
  readonly name: string
  readonly aliases: readonly Key[]
  readonly groups: readonly Key[]
  /** All memberships that are known, whenever they were. Absent: only the groups of the moment are. */
  readonly memberships?: readonly InGroup[]
  /** Since when the directory has the person as left or disabled; undefined: it says nothing of the kind. */
  readonly leftAt: Instant | undefined
}

/** Somebody of whom nothing but the key is known. */
export function bare(key: Key): Identity {
  return { key, name: key, aliases: [], groups: [], leftAt: undefined }
}

/** The same person in the groups of other moments. A membership whose beginning nobody recorded lies before them all. */
export function inGroupsOf(person: Identity, moments: readonly Instant[]): Identity {
  const held = person.memberships?.filter(({ from = -Infinity, to = Infinity }) => moments.some((at) => from <= at && at < to))
  return held === undefined ? person : { ...person, groups: [...new Set(held.map(({ group }) => group))] }
} // prettier-ignore

export function hasLeft({ leftAt }: Pick<Identity, 'leftAt'>, at: Instant): boolean {
  return leftAt !== undefined && leftAt <= at
}

/** Who is who, as known at a cut. */
export interface Directory {
  identities(keys: readonly Key[], position: number): Promise<ReadonlyMap<Key, Identity>>
  managerOf(person: Key, position: number): Promise<Key | undefined>
  /** Who answers for a workload or an agent. */
  sponsorOf(accessor: Key, position: number): Promise<Key | undefined>
  membersOf(group: Key, position: number): Promise<readonly Key[]>
}

/** Who answers for a credential, as known at a cut; undefined where nobody is on record. */
export interface Owners {
  ownersOf(credentials: readonly AccessRow['credential'][], position: number): Promise<ReadonlyMap<string, Key>>
}
