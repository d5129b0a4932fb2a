import type { Instant, Key } from '@catena/domain'

/** Whether somebody worked here. `unknown`: no directory says, which is never a pass. */
export type EmploymentState = 'active' | 'on leave' | 'disabled' | 'left' | 'unknown'

/** What the directories said of one person at a moment. What none of them states is left out. */
export interface PersonEntry {
  readonly person: Key
  /** Login name; the bare id where no name is known. */
  readonly name: string
  readonly displayName?: string
  readonly email?: string
  readonly title?: string
  readonly department?: string
  readonly manager?: Manager
  readonly employment: Employment
  /** Times at which the person certainly had left or was locked out, in order; the last may be open. */
  readonly absences: readonly Validity[]
  /** From then on the directory tells of all groups of the person: it recorded how the account was made, or listed them. Absent: it never does. */
  readonly groupsToldFrom?: Instant
  /** Ledger positions, ascending. */
  readonly evidence: readonly number[]
}

export interface Employment {
  readonly state: EmploymentState
  /** When it became so; undefined: before the first record of it. */
  readonly since?: Instant
  readonly evidence: readonly number[]
}

export interface Manager {
  readonly person: Key
  /** Stated later than the moment asked about, with no change known in between. */
  readonly readBack: boolean
  readonly evidence: readonly number[]
}

/** A span; an open end means that no record bounds it. */
export interface Validity {
  readonly from?: Instant
  readonly to?: Instant
}

/** Somebody in a group, or a workload's sponsor, for a time. */
export interface Membership extends Validity {
  readonly group: Key
  readonly groupName: string
  readonly person: Key
  /** No record states the membership as it began; it is read back from its end, or from a list of later. */
  readonly readBack: boolean
  /** Nobody knows whether it is one: the group was deleted and restored, and its members come back without a record. Gives nobody a right. */
  readonly perhaps?: true
  /** First moment at which a record says so. Absent: only its end is recorded. */
  readonly saidFrom?: Instant
  /** Last moment at which a record says so, where the end is read off a later list: until then the person may have left. */
  readonly saidTo?: Instant
  /** The membership may have begun since. Absent: nothing that is recorded bounds it. */
  readonly earliest?: Instant
  readonly evidence: readonly number[]
}

/** Who was ever in a group, as far as records tell. */
export interface GroupEntry {
  readonly members: readonly Membership[]
  /** By the moment asked a record had told of all its members: changes since are changes of these. Else there may be some who were never named. */
  readonly isToldWhole: boolean
}

export interface Sponsorship extends Validity {
  readonly workload: Key
  readonly sponsor: Key
  readonly evidence: readonly number[]
}

export type DirectoryChangeKind =
  'joined' | 'left' | 'disabled' | 'enabled' | 'manager changed' | 'moved' | 'entered group' | 'left group'

/** What happened to a person, as triggers of reviews and revocations need it. */
export interface DirectoryChange {
  readonly kind: DirectoryChangeKind
  readonly person: Key
  readonly at: Instant
  /** Group, manager or department that it is about. */
  readonly about?: string
  readonly evidence: readonly number[]
}

/**
 * Who people are, whom they report to and where they belong, at any moment, as the state of knowledge of its index has it.
 * Persons are asked for by any of their keys. Nothing here is a guess: what no record states is left out.
 */
export interface Directory {
  /** Persons that a word may mean: key, id, login name or e-mail address; several where it is not unique. */
  find(term: string): Promise<readonly Key[]>
  /** Keys that name the same principal at that moment, the asked one among them, sorted. */
  samePrincipal(principals: readonly Key[], at: Instant): Promise<ReadonlyMap<Key, readonly Key[]>>
  /** Persons of whom nothing is known are left out. */
  entries(persons: readonly Key[], at: Instant): Promise<ReadonlyMap<Key, PersonEntry>>
  groupsOf(persons: readonly Key[], at: Instant): Promise<ReadonlyMap<Key, readonly Membership[]>>
  /** All that are known, whenever they were. */
  membershipsOf(persons: readonly Key[]): Promise<ReadonlyMap<Key, readonly Membership[]>>
  /** By the group's key or its name; several groups of one name answer together. */
  membersOf(group: string, at: Instant): Promise<readonly Membership[]>
  /** By their keys, whenever somebody was in them; told whole or not by that moment. A group of which nothing is known is left out. */
  groupEntries(groups: readonly Key[], at: Instant): Promise<ReadonlyMap<Key, GroupEntry>>
  /** Who answers for each workload at that moment; a workload without one is left out. */
  sponsorsOf(workloads: readonly Key[], at: Instant): Promise<ReadonlyMap<Key, readonly Sponsorship[]>>
  /** In order of time; `from` inclusive, `to` exclusive. */
  changesOf(
    persons: readonly Key[],
    span: { readonly from: Instant; readonly to: Instant },
  ): Promise<readonly DirectoryChange[]>
}
