import type pg from 'pg'
import type { Figures } from '../campaign/facts.js'
import type { ItemStatus } from '../item/state.js'

/** How many items of a campaign stand where, and what they came to; items without an event stand as they were frozen. */
export interface ItemCounts {
  readonly items: number
  readonly byStatus: ReadonlyMap<ItemStatus, number>
  readonly byOutcome: ReadonlyMap<string, number>
  /** Frozen, and never touched. */
  readonly untouched: number
}

export async function countItems(pool: Pick<pg.Pool, 'query'>, campaign: string): Promise<ItemCounts> {
  const total = await pool.query<{ items: number }>(
    `SELECT (coalesce((state #>> '{frozen,items}')::int, 0)
       + coalesce((SELECT sum((one ->> 'items')::int) FROM jsonb_array_elements(state -> 'supplements') AS one), 0))::int AS items
     FROM decisions.campaign WHERE id = $1`,
    [campaign],
  )
  const { rows } = await pool.query<{ status: ItemStatus; outcome: string | null; count: number }>(
    `SELECT status, state -> 'outcome' ->> 'kind' AS outcome, count(*)::int FROM decisions.review_item WHERE campaign = $1 GROUP BY 1, 2`,
    [campaign],
  )
  const items = total.rows[0]?.items ?? 0
  const sum = (key: (row: (typeof rows)[number]) => string | null): Map<string, number> => {
    const counts = new Map<string, number>()
    for (const row of rows) if (key(row) !== null) counts.set(key(row) ?? '', (counts.get(key(row) ?? '') ?? 0) + row.count)
    return counts
  }
  return {
    items,
    byStatus: sum(({ status }) => status) as Map<ItemStatus, number>,
    byOutcome: sum(({ status, outcome }) => (status === 'moot' || status === 'superseded' ? null : outcome)),
    untouched: items - rows.reduce((total, { count }) => total + count, 0),
  }
} // prettier-ignore

/** Items whose stage is decided and that a later one of so many stages has to look at too; a revoke needs no further stage. */
export async function countBeforeLaterStage(pool: Pick<pg.Pool, 'query'>, campaign: string, stages: number): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    `SELECT count(*)::int FROM decisions.review_item
     WHERE campaign = $1 AND status = 'decided' AND state -> 'outcome' ->> 'kind' <> 'revoke' AND (state ->> 'stage')::int + 1 < $2`,
    [campaign, stages],
  )
  return rows[0]?.count ?? 0
} // prettier-ignore

/** Every item is in one figure: what has none of the others is expired, never certified. */
export function figuresOf({ items, byStatus, byOutcome }: ItemCounts): Figures {
  const outcome = (kind: string): number => byOutcome.get(kind) ?? 0
  const [certified, revoked, modified, excepted] = ['certify', 'revoke', 'modify', 'exception'].map(outcome) as [number, number, number, number]
  const [moot, superseded] = [byStatus.get('moot') ?? 0, byStatus.get('superseded') ?? 0]
  const expired = items - certified - revoked - modified - excepted - moot - superseded
  return { items, certified, revoked, modified, excepted, moot, superseded, expired }
} // prettier-ignore

export function standing({ byStatus }: ItemCounts, ...statuses: readonly ItemStatus[]): number {
  return statuses.reduce((sum, status) => sum + (byStatus.get(status) ?? 0), 0)
}
