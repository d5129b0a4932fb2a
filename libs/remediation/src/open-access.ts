import type { Accessor } from '@catena/recertification'

/** What an accessor obtained of a credential and no record has ended yet; by the names that the system itself uses. */
export interface OpenAccess {
  readonly leases: readonly string[]
  readonly tokens: readonly OpenToken[]
}

export interface OpenToken {
  /** Undefined: the audit log names the token only by hashes, so nobody can be asked to revoke it. */
  readonly accessor: string | undefined
  /** Other credentials that were obtained through it, by name: they lose it too. */
  readonly alsoReads: readonly string[]
}

/** Finds what is open of an access, as known now. */
export interface OpenAccessReader {
  openOf(access: { readonly credential: string; readonly accessor: Accessor }): Promise<OpenAccess>
}
