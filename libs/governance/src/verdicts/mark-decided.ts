import type { DecisionStreams } from '@catena/ledger'
import type pg from 'pg'
import { intoStale } from '../access-summary/mark-stale.js'
import { SUMMARY_CHECKPOINT } from '../access-summary/summary-projection.js'
import { stewardshipView } from '../ownership/stewardship-view.js'
import { sharingView } from '../sharing/sharing-view.js'

/** Views that histories read decisions from; the last two are those of recertification. */
const VIEWS = [stewardshipView.name, sharingView.name, 'campaigns', 'review-items']

/** Lists of rules that any credential may be under. */
const OF_ALL: ReadonlySet<string> = new Set(['OwnershipRulesPublished', 'PrivilegeRulesPublished'])

/**
 * Whatever was decided about a credential makes its verdict stale, once the views show it, and histories reach as far. Follows the decisions with a
 * checkpoint of its own; true: there are more.
 */
export async function markDecided(client: pg.ClientBase, streams: DecisionStreams): Promise<boolean> {
  const { rows } = await client.query<{ after: string | null; shown: string | null }>(
    `SELECT (SELECT position FROM governance.checkpoint WHERE name = 'decided') AS after,
       (SELECT least(min(position), (SELECT position FROM governance.checkpoint WHERE name = $3)) FROM decisions.view
        WHERE name = ANY($1) HAVING count(*) = $2) AS shown`,
    [VIEWS, VIEWS.length, SUMMARY_CHECKPOINT],
  )
  const [after, shown] = [Number(rows[0]?.after ?? 0), Number(rows[0]?.shown ?? 0)]
  const read = await streams.readDecisions(after, DECISIONS_MAX)
  const events = read.filter(({ position }) => position <= shown)
  const last = events.at(-1)
  if (last === undefined) return false
  const stewarded = events.flatMap(({ stream }) => /^credential:([0-9a-f]{32})$/.exec(stream)?.[1] ?? [])
  const all = events.some(({ type }) => OF_ALL.has(type))
  await client.query(MARK, [last.position, [...new Set(stewarded)], all, after])
  return events.length === DECISIONS_MAX
}

const MARK = `
  WITH moved AS (INSERT INTO governance.checkpoint (name, version, position, surroundings) VALUES ('decided', '1', $1, '{}')
    ON CONFLICT (name) DO UPDATE SET position = $1)
  ${intoStale(`SELECT credential, $1 FROM unnest($2::uuid[]) AS row (credential)
  UNION SELECT unnest(credentials), $1 FROM decisions.sharing WHERE position > $4 AND position <= $1
  UNION SELECT credential, $1 FROM decisions.access_review WHERE position > $4 AND position <= $1
  UNION SELECT p.credential, $1 FROM decisions.campaign_course c
    JOIN decisions.campaign_population n USING (campaign) JOIN review_population p USING (population)
    WHERE c.position > $4 AND c.position <= $1 AND p.credential IS NOT NULL
  UNION SELECT credential, $1 FROM governance.evaluation WHERE $3`)}`

const DECISIONS_MAX = 1_000
