import type pg from 'pg'
import type { SealedCampaign } from '../campaign/state.js'
import { ITEM_STREAMS } from '../population/identity.js'

type Reads = Pick<pg.Pool, 'query'>

/** Sealed, and still watched. Those of earlier versions say nothing of it, and are so here for ever. */
const WATCHED = `c.status IN ('sealed', 'reiterated') AND NOT c.state ? 'watchedTo'`

export async function isAnyWatched(pool: Reads): Promise<boolean> {
  const { rows } = await pool.query(`SELECT 1 FROM decisions.campaign c WHERE ${WATCHED} LIMIT 1`)
  return rows.length > 0
}

/** Sealed since they were compared last, with the cut up to which they were. */
export async function sealedMeanwhile(pool: Reads): Promise<{ readonly state: SealedCampaign; readonly stood: number }[]> {
  const { rows } = await pool.query<{ state: SealedCampaign; stood: string }>(
    `SELECT c.state, coalesce(w.position, 0) AS stood FROM decisions.campaign c LEFT JOIN governance.review_watch w ON w.campaign = c.id
     WHERE ${WATCHED} AND coalesce(w.position, 0) < c.position ORDER BY c.id`,
  )
  return rows.map(({ state, stood }) => ({ state, stood: Number(stood) }))
} // prettier-ignore

/** Whose time to be watched is over. */
export async function watchesOver(pool: Reads, now: number, limit: number): Promise<SealedCampaign[]> {
  const { rows } = await pool.query<{ state: SealedCampaign }>(
    `SELECT c.state FROM decisions.campaign c WHERE ${WATCHED} AND (c.state ->> 'watchUntil')::float8 <= $1 ORDER BY c.id LIMIT $2`,
    [now, limit],
  )
  return rows.map(({ state }) => state)
}

/** Items that were decided in watched campaigns and ask about these credentials. `only`: of these campaigns. */
export async function sealedItems(
  pool: Reads,
  credentials: readonly string[],
  only?: readonly string[],
): Promise<{ readonly item: string; readonly campaign: string; readonly population: string }[]> {
  const { rows } = await pool.query<{ item: string; campaign: string; population: string }>(
    `SELECT DISTINCT replace(i.item::text, '-', '') AS item, i.campaign, i.population FROM decisions.access_review r
       JOIN decisions.review_item i ON i.item = r.item JOIN decisions.campaign c ON c.id = i.campaign
     WHERE r.credential = ANY($1::text[]::uuid[]) AND i.status IN ('closed', 'regressed') AND ${WATCHED}
       AND ($2::text[] IS NULL OR i.campaign = ANY($2)) ORDER BY 2, 3, 1`,
    [credentials, only ?? null],
  )
  return rows
}

export async function statesOf(pool: Reads, campaigns: readonly string[]): Promise<SealedCampaign[]> {
  const { rows } = await pool.query<{ state: SealedCampaign }>(
    'SELECT state FROM decisions.campaign WHERE id = ANY($1) ORDER BY id',
    [campaigns],
  )
  return rows.map(({ state }) => state)
}

/** How many items of a campaign something was said of since its seal, by a position. */
export async function contradictedSinceSeal(pool: Reads, campaign: string, until = Infinity): Promise<number> {
  const { rows } = await pool.query<{ items: number }>(
    `SELECT count(*)::int AS items FROM decisions.review_item i WHERE i.campaign = $1 AND i.state ? 'sinceSeal'
       AND EXISTS (SELECT FROM event e WHERE e.stream = $3 || replace(i.item::text, '-', '') AND e.type = 'SealedDecisionImpeached'
         AND e.stream_version IS NOT NULL AND e.position <= $2)`,
    [campaign, Number.isFinite(until) ? until : Number.MAX_SAFE_INTEGER, ITEM_STREAMS],
  )
  return rows[0]?.items ?? 0
}
