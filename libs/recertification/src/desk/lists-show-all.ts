import { waitForView } from '@catena/projections'
import type { RecertificationDesk } from './desk.js'

/** What is counted over items rests on both. */
const LISTS = ['campaigns', 'review-items']

/** Waits until the lists hold all that is recorded now. False: they stay behind, and whoever counts over them misses something. */
export async function listsShowAll({ pool }: Pick<RecertificationDesk, 'pool'>): Promise<boolean> {
  const { rows } = await pool.query<{ position: string }>('SELECT position FROM ledger_head')
  const position = Number(rows[0]?.position ?? 0)
  const shown = await Promise.all(LISTS.map((list) => waitForView(pool, list, position)))
  return shown.every((one) => one)
}
