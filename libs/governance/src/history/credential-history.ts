import type { Coverage } from '@catena/access-chain'
import type { Instant, Key, SourceKind } from '@catena/domain'
import type { DirectoryChange, Employment, Membership, Sponsorship, Validity } from '@catena/directory'
import type { AccessSummary } from '../access-summary/access-summary.js'
import type { Owner } from '../ownership/rules.js'
import type { Stewardship } from '../ownership/state.js'
import type { PrivilegeRule } from '../privilege/privilege-rules.js'
import type { Slot } from '../slots/slot-pattern.js'
import type { InGroup } from './in-group.js'
import type { Retrieval } from './retrieval.js'
import type { SharingRecord } from './sharing-record.js'

/** Newest retrievals that a history holds, and as many attempts beside them that obtained nothing; sums over all of them stand in its summaries. */
export const RETRIEVALS_MAX = 500

/** Everything about one credential that controls may ask, as known at a cut, of what was true up to a moment. */
export interface CredentialHistory {
  /** Opaque and stable. */
  readonly id: string
  readonly slot: Slot
  readonly firstSeenAt?: Instant
  /** Last ledger position that counts. */
  readonly position: number
  /** The moment that verdicts are about. */
  readonly at: Instant
  /** Records tell of something later than that, which does not count yet: the first such moment. Told only of histories that are kept up. */
  readonly nextAt?: Instant
  /** Per accessor, over all retrievals. */
  readonly accessors: readonly AccessSummary[]
  /** Newest first: at most RETRIEVALS_MAX that obtained it, and as many attempts that did not. */
  readonly retrievals: readonly Retrieval[]
  /** It was obtained before these too. */
  readonly older: boolean
  /** What the slot held and lost, by time. */
  readonly changes: readonly SlotChange[]
  /** Environments and pipelines that were torn down and had it, by time. */
  readonly teardowns: readonly Teardown[]
  readonly stewardship: Stewardship
  readonly owner?: Owner
  /** The rule that makes it privileged. */
  readonly privileged?: PrivilegeRule
  /** Of accessors, of the owner, and of who answers for those of them that are workloads, by key. */
  readonly people: Readonly<Record<Key, PersonRecord>>
  /** Who answers for workloads, by key. */
  readonly sponsors: Readonly<Record<Key, readonly Sponsorship[]>>
  /** Of the owner, and of those who answer for it, that are teams, by key. */
  readonly teams: Readonly<Record<Key, TeamRecord>>
  /** Sources that record the credential's system. */
  readonly sources: readonly SourceRecord[]
  readonly sharing: SharingRecord
}

export interface SlotChange {
  readonly at: Instant
  readonly how: 'written' | 'deleted' | 'destroyed' | 'restored'
  /** The one that it wrote. */
  readonly version?: number
  /** Those that it named; absent: it was of all, or of the newest. */
  readonly versions?: readonly number[]
  /** It named some, and the record hides which. */
  readonly versionsHidden?: true
  /** Whether it was made is not known: its answer was not seen, observers disagree, or no record tells whether an update wrote another value. */
  readonly perhaps?: true
  readonly positions: readonly number[]
}

/** What it was made for, or was handed to, is there no more. */
export interface Teardown {
  readonly at: Instant
  readonly thing: 'environment' | 'pipeline'
  readonly name: string
  readonly positions: readonly number[]
}

export interface PersonRecord {
  readonly key: Key
  readonly name: string
  readonly employment: Employment
  /** By time. */
  readonly changes: readonly DirectoryChange[]
  /** All that are known, over and not; ask `inGroupAt` who was in a group at a moment. */
  readonly memberships: readonly Membership[]
  /** From then on the directory tells of all groups of the person; absent: it never does. */
  readonly groupsToldFrom?: Instant
  /** Times at which the person certainly had left or was locked out. */
  readonly absences: readonly Validity[]
}

export interface TeamRecord {
  readonly key: Key
  /** Is anybody in it who is still here? Perhaps: no record says so, and none excludes it. */
  readonly anyHere: InGroup
  readonly evidence: readonly number[]
}

export interface SourceRecord {
  readonly id: string
  readonly kind: SourceKind
  /** First and last moment that it told of; absent: it was never heard. */
  readonly coverage?: Coverage
  readonly heartbeatSeconds?: number
  readonly gaps: readonly { readonly from: Instant; readonly to: Instant }[]
}
