import type { Instant, Key } from '@catena/domain'

/** A person, team or workload by its key, with the name that people know. */
export interface Named {
  readonly key: Key
  readonly name: string
}

export interface Assigned extends Named {
  readonly at: Instant
  /** Who said so. */
  readonly by: string
  /** Where it was said, in the ledger. */
  readonly position?: number
}

export const STEWARD_ROLES = ['custodian', 'requester'] as const
/** Custodians keep it and hand it on; requesters may ask for it. */
export type StewardRole = (typeof STEWARD_ROLES)[number]

export interface Steward extends Assigned {
  readonly role: StewardRole
}

/** Was its owner, or a custodian or requester of it, for a time. */
export interface Former extends Named {
  readonly from: Instant
  readonly to: Instant
}

export const CREDENTIAL_KINDS = [
  'password',
  'token',
  'api-key',
  'certificate',
  'private-key',
  'second-factor',
  'dynamic',
  'other',
] as const
export type CredentialKind = (typeof CREDENTIAL_KINDS)[number]

/** What people say of a credential; shown as declared, never as proven. */
export interface DeclaredFacts {
  readonly kind?: CredentialKind
  readonly environment?: string
  readonly purpose?: string
  readonly scope?: string
  /** True: meant for several to use. */
  readonly shared?: boolean
  readonly rotationDays?: number
  /** Systems, accounts and pipelines that can be reached with it. */
  readonly reaches?: readonly string[]
}

/** A credential that no source shows, or not yet. */
export interface Registration extends Omit<Assigned, 'key' | 'name'> {
  readonly system: string
  readonly path: string
}

/** Somebody had it, as somebody says (R2.8). */
export interface DeclaredCheckout extends Assigned {
  readonly from: Instant
  readonly to?: Instant
}

export const LOCATION_KINDS = [
  'vault',
  'ci-variable',
  'runtime',
  'code',
  'configuration-file',
  'image',
  'ticket',
  'chat',
  'mail',
  'connector',
  'laptop',
] as const
export type LocationKind = (typeof LOCATION_KINDS)[number]

/** A copy outside its slot. */
export interface DeclaredCopy extends Omit<Assigned, 'key' | 'name'> {
  readonly kind: LocationKind
  readonly place: string
  readonly version?: number
}

/** Who answers for one credential, and what they say of it. */
export interface Stewardship {
  readonly registration?: Registration
  /** Exactly one at a time. */
  readonly owner?: Assigned
  /** When somebody was assigned by name for the first time: since then no rule names the owner. */
  readonly assignedSince?: Instant
  /** The owner of that moment said that it is theirs; counts for that owner alone. */
  readonly attested?: Omit<Assigned, keyof Named> & { readonly owner: Key }
  readonly stewards: readonly Steward[]
  /** Owners, and custodians and requesters, of before. Absent: none. */
  readonly former?: readonly Former[]
  readonly declared: DeclaredFacts
  readonly declaredAt?: Instant
  readonly checkouts: readonly DeclaredCheckout[]
  readonly copies: readonly DeclaredCopy[]
}

export const UNSTEWARDED: Stewardship = { stewards: [], declared: {}, checkouts: [], copies: [] }
