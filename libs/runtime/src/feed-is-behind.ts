import { LEADS } from '@catena/projections'
import type pg from 'pg'

/** What is known for longer and not in the feed yet keeps somebody waiting. */
const BEHIND_MS = 150

/** By the record after the feed's position: does the access index know it, and for how long has it been in the ledger? And does anybody write the feed? */
const IS_BEHIND = {
  name: 'feed-is-behind',
  text: `SELECT EXISTS (
    SELECT FROM event WHERE position = (SELECT position + 1 FROM feed_head)
      AND position <= (SELECT position FROM projection WHERE name = 'access-index')
      AND recorded_at < now() - make_interval(secs => $1))
    AND EXISTS (SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
      WHERE locktype = 'advisory' AND objid = $2 AND granted AND datname = current_database()) AS behind`,
  values: [BEHIND_MS / 1000, LEADS.feed],
}

/** Does the feed lag behind what the read models know, though somebody writes it? */
export async function feedIsBehind(client: Pick<pg.ClientBase, 'query'>): Promise<boolean> {
  const { rows } = await client.query<{ behind: boolean }>(IS_BEHIND)
  return rows[0]?.behind ?? false
}
