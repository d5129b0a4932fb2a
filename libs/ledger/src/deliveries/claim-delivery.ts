import type pg from 'pg'
import type { DeliveryClaim, SignedDelivery } from './deliveries.js'

const CLAIM = `
INSERT INTO webhook_delivery (signed, headers, delivery) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`

/** A statement of its own: what another session claimed meanwhile is visible to it. */
const CLAIMED = 'SELECT headers = $2 AS "isSame" FROM webhook_delivery WHERE signed = $1'

export async function claimDelivery(pool: pg.Pool, { signed, headers, id }: SignedDelivery): Promise<DeliveryClaim> {
  const { rowCount } = await pool.query(CLAIM, [signed, headers, id])
  if (rowCount === 1) return 'first'
  const { rows } = await pool.query<{ isSame: boolean }>(CLAIMED, [signed, headers])
  if (rows[0] === undefined) return 'other-body'
  return rows[0].isSame ? 'again' : 'other-headers'
}
