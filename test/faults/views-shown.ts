import type { Ledger } from '@catena/ledger'
import { waitForView } from '@catena/projections'
import type pg from 'pg'

const WAIT_MAX_MS = 20_000

/** Waits until these views show all that the ledger holds. */
export async function viewsShown(pool: pg.Pool, ledger: Pick<Ledger, 'head'>, views: readonly string[]): Promise<void> {
  for (const view of views)
    if (!(await waitForView(pool, view, await ledger.head(), WAIT_MAX_MS))) throw new Error(`${view} stays behind`)
}
