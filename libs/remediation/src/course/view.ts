import { fold, type Decided, type Instant } from '@catena/domain'
import type { RecordedDecision } from '@catena/ledger'
import type { DecisionView } from '@catena/projections'
import type pg from 'pg'
import { course, type Course } from './decider.js'
import type { CourseEvent } from './events.js'

export interface CourseEntry extends Course {
  readonly order: string
}

const PREFIX = 'remediation:'

/** Orders by where they stand: what is due, and what waits for a person. */
export const courseView: DecisionView = {
  name: 'remediation',
  version: '1',
  clear: async (client) => {
    await client.query('DELETE FROM remediation_order')
  },
  apply: async (client, decisions) => {
    const own = decisions.filter(({ stream }) => stream.startsWith(PREFIX))
    if (own.length > 0) await applyCourses(client, own)
  },
}

async function applyCourses(client: pg.ClientBase, decisions: readonly RecordedDecision[]): Promise<void> {
  const orders = [...new Set(decisions.map(({ stream }) => stream.slice(PREFIX.length)))]
  const { rows } = await client.query<{ order_id: string; body: Course }>(
    'SELECT order_id, body FROM remediation_order WHERE order_id = ANY($1)',
    [orders],
  )
  const states = new Map(rows.map(({ order_id, body }) => [order_id, body]))
  for (const { stream, event, by } of decisions) {
    const order = stream.slice(PREFIX.length)
    states.set(order, after(states.get(order), event as unknown as CourseEvent, by))
  }
  const written = [...states].map(([order_id, state]) => ({
    order_id,
    item: state.item,
    campaign: state.campaign,
    status: state.status,
    next_try_at: state.nextTryAt,
    body: state,
  }))
  await client.query(
    `INSERT INTO remediation_order (order_id, item, campaign, status, next_try_at, body)
     SELECT order_id, item, campaign, status, next_try_at, body FROM jsonb_to_recordset($1::jsonb)
       AS row (order_id text, item uuid, campaign text, status text, next_try_at bigint, body jsonb)
     ON CONFLICT (order_id) DO UPDATE SET status = excluded.status, next_try_at = excluded.next_try_at, body = excluded.body`,
    [JSON.stringify(written)],
  )
}

function after(state: Course | undefined, event: CourseEvent, by: Decided): Course {
  return state === undefined ? fold(course, [{ event: event as never, by }]) : course.evolve(state, event as never, by)
}

/** Items with an order that something is to be done for now: nothing planned yet, a next try is due, or it was applied and not settled. In the order of their campaigns. */
export async function dueItems(pool: pg.Pool, now: Instant): Promise<string[]> {
  const { rows } = await pool.query<{ item: string }>(
    `SELECT replace(i.item::text, '-', '') AS item FROM decisions.review_item i
       LEFT JOIN decisions.remediation_order o ON o.order_id = i.state -> 'order' ->> 'id'
     WHERE i.status = 'remediating' AND (o.order_id IS NULL OR o.status = 'failed' OR (o.status = 'going' AND o.next_try_at <= $1))
       OR i.status = 'applied' AND o.status = 'going'
     ORDER BY i.campaign, i.number`,
    [now],
  )
  return rows.map(({ item }) => item)
}

/** Orders of a campaign or of all. `after`: the last order of the page before. */
export async function listOrders(
  pool: pg.Pool,
  filter: { readonly campaign?: string | undefined; readonly status?: string | undefined },
  page: { readonly limit: number; readonly after: string | undefined },
): Promise<{ readonly entries: CourseEntry[]; readonly hasMore: boolean }> {
  const { rows } = await pool.query<{ order_id: string; body: Course }>(
    `SELECT order_id, body FROM decisions.remediation_order
     WHERE ($1::text IS NULL OR campaign = $1) AND ($2::text IS NULL OR status = $2) AND ($3::text IS NULL OR order_id > $3)
     ORDER BY order_id LIMIT $4`,
    [filter.campaign ?? null, filter.status ?? null, page.after ?? null, page.limit + 1],
  )
  const entries = rows.map(({ order_id, body }) => ({ order: order_id, ...body }))
  return { entries: entries.slice(0, page.limit), hasMore: entries.length > page.limit }
}
