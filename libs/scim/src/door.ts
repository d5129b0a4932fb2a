import type { Instant, SourceInstance } from '@catena/domain'
import type { AccessReader } from '@catena/projections'

/** What the endpoint of one source works with. */
export interface ScimDoor {
  readonly source: SourceInstance
  /** URL of the endpoint, without a slash at the end. */
  readonly base: string
  readonly reader: AccessReader
  /** Stores one record and resolves after the commit with the position of the ledger's head. */
  readonly store: (record: string) => Promise<number>
  readonly newId: () => string
  readonly now: () => Instant
}

export type ResourceType = 'User' | 'Group'
export type Operation = 'create' | 'replace' | 'patch' | 'delete'
