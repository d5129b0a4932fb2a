import type { AsOf } from '@catena/access-chain'
import { readCredentials, type CredentialEntry } from '@catena/projections'
import type pg from 'pg'

export type Reads = Pick<pg.ClientBase, 'query'>
/** A slot that holds a credential, as a campaign names it. */
export type Slot = Pick<CredentialEntry, 'id' | 'system' | 'container' | 'containerName' | 'path'>

/** Those of the credentials that are known at a cut, by id. */
export async function slotsOf(reads: Reads, cut: AsOf, ids: readonly string[]): Promise<Slot[]> {
  const known = await readCredentials(reads, cut, ids)
  return [...known.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}
