import { LEADS } from '@catena/projections'
import type pg from 'pg'

/** What is in the ledger for longer and not in the feed yet keeps somebody waiting. */
const BEHIND_MS = 150

/**
 * By the record after the feed's position: for how long has it been in the ledger, and does anybody work on it: whoever writes the feed, and where the
 * access index does not know it yet, whoever keeps that?
 */
const IS_BEHIND = {
  name: 'feed-is-behind',
  text: `WITH leads AS (
      SELECT objid FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
      WHERE locktype = 'advisory' AND granted AND datname = current_database())
    SELECT EXISTS (
      SELECT FROM event WHERE position = (SELECT position + 1 FROM feed_head)
        AND recorded_at < now() - make_interval(secs => $1)
        AND (position <= (SELECT position FROM projection WHERE name = 'access-index') OR EXISTS (SELECT FROM leads WHERE objid = $3)))
      AND EXISTS (SELECT FROM leads WHERE objid = $2) AS behind`,
  values: [BEHIND_MS / 1000, LEADS.feed, LEADS.accessIndex],
}

/** Does the feed lag behind the ledger, though somebody works on what it lacks? */
export async function feedIsBehind(client: Pick<pg.ClientBase, 'query'>): Promise<boolean> {
  const { rows } = await client.query<{ behind: boolean }>(IS_BEHIND)
  return rows[0]?.behind ?? false
}
