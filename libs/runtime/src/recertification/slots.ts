import type { AsOf } from '@catena/access-chain'
import { validUs, type CredentialEntry } from '@catena/projections'
import type pg from 'pg'

export type Reads = Pick<pg.ClientBase, 'query'>
/** A slot that holds a credential, as a campaign names it. */
export type Slot = Pick<CredentialEntry, 'id' | 'system' | 'container' | 'containerName' | 'path'>

interface Row {
  readonly credential: string
  readonly system: string
  readonly container: string | null
  readonly container_name: string | null
  readonly path: string
}

const KNOWN = `SELECT credential, system, container, container_name, path FROM access_credential WHERE first_position <= $1 AND first_us <= $2`

/** Credentials as known at a cut, by id, behind the one given: an order that no name and no later record changes. */
export async function slotsAfter(reads: Reads, cut: AsOf, after: string | undefined, limit: number): Promise<Slot[]> {
  const { rows } = await reads.query<Row>({
    name: 'review-slots',
    text: `${KNOWN} AND ($3::uuid IS NULL OR credential > $3) ORDER BY credential LIMIT $4`,
    values: [cut.position, validUs(cut), after ?? null, limit],
  })
  return rows.map(slotOf)
}

/** Those of the credentials that are known at a cut, by id. */
export async function slotsOf(reads: Reads, cut: AsOf, ids: readonly string[]): Promise<Slot[]> {
  const { rows } = await reads.query<Row>({
    name: 'review-slots-of',
    text: `${KNOWN} AND credential = ANY($3::uuid[]) ORDER BY credential`,
    values: [cut.position, validUs(cut), ids],
  })
  return rows.map(slotOf)
}

function slotOf({ credential, system, container, container_name, path }: Row): Slot {
  return {
    id: credential.replaceAll('-', ''),
    system,
    container: container ?? undefined,
    containerName: container_name ?? undefined,
    path,
  }
}
