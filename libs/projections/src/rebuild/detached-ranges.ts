import type { DetachedRange } from '@catena/ledger'
import type pg from 'pg'

/** Ranges of the ledger whose records stand in files, ascending. */
export async function detachedRanges(client: pg.ClientBase): Promise<DetachedRange[]> {
  const { rows } = await client.query<{ first: string; last: string; file: string }>(
    'SELECT first, last, file FROM event_archive ORDER BY first',
  )
  return rows.map(({ first, last, file }) => ({ first: Number(first), last: Number(last), file }))
}
